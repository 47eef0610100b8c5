using Quartz;

namespace Billing.Service.Jobs;

/// <summary>What runs by the clock. Jobs are sweeps over rows that may run again without harm, on every instance.</summary>
static class Schedule
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<PrepareDatabaseJob>(trigger => trigger
                .WithIdentity("prepare-database")
                .WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromHours(1)).RepeatForever()));
            quartz.ScheduleJob<RefreshCatalogueJob>(trigger => trigger
                .WithIdentity("refresh-catalogue")
                .WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(5)).RepeatForever()));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
