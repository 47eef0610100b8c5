using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>What runs by the clock. Jobs are sweeps over rows that may run again without harm, on every instance.</summary>
static class Schedule
{
    const string CheckCache = "check-cache";

    public static void AddJobs(this IServiceCollection services, CacheOptions cache)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<PrepareDatabaseJob>(trigger => trigger
                .WithIdentity("prepare-database")
                .WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromHours(1)).RepeatForever()));

            quartz.AddJob<CheckCacheJob>(job => job.WithIdentity(CheckCache).StoreDurably());
            quartz.AddTrigger(trigger => trigger.ForJob(CheckCache).WithIdentity("some-of-it")
                .UsingJobData(CheckCacheJob.EntriesMax, cache.SampleMax)
                .WithCronSchedule("15 * * * * ?"));
            quartz.AddTrigger(trigger => trigger.ForJob(CheckCache).WithIdentity("all-of-it")
                .UsingJobData(CheckCacheJob.EntriesMax, int.MaxValue)
                .WithCronSchedule("0 30 3 * * ?"));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
