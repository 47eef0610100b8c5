using Billing.Service.Alerts;
using Billing.Service.Observability;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;
using Billing.Service.Reservations;
using Billing.Service.Webhooks;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>What runs by the clock. Jobs are sweeps over rows that may run again without harm, on every instance.</summary>
static class Schedule
{
    const string CheckCache = "check-cache";

    public static void AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var reservations = configuration.GetSection(ReservationOptions.Section).Get<ReservationOptions>() ?? new ReservationOptions();
        var alerts = configuration.GetSection(AlertOptions.Section).Get<AlertOptions>() ?? new AlertOptions();
        var cache = configuration.GetSection(CacheOptions.Section).Get<CacheOptions>() ?? new CacheOptions();
        services.AddQuartz(quartz =>
        {
            quartz.AddJobListener<JobMetrics>();
            quartz.ScheduleJob<PrepareDatabaseJob>(trigger => trigger.WithIdentity("prepare-database").WithSimpleSchedule(Every(TimeSpan.FromHours(1))));
            quartz.ScheduleJob<SweepReservationsJob>(trigger => trigger.WithIdentity("sweep-reservations").WithSimpleSchedule(Every(reservations.SweepEvery)));
            quartz.ScheduleJob<RefreshCatalogueJob>(trigger => trigger.WithIdentity("refresh-catalogue").WithSimpleSchedule(Every(TimeSpan.FromSeconds(5))));

            quartz.ScheduleJob<ForgetDeliveriesJob>(trigger => trigger.WithIdentity("forget-deliveries").WithSimpleSchedule(Every(TimeSpan.FromHours(1))));
            if (alerts.AuditAt.Length > 0) quartz.ScheduleJob<AuditJob>(trigger => trigger.WithIdentity("audit").WithCronSchedule(alerts.AuditAt));

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

    static Action<SimpleScheduleBuilder> Every(TimeSpan interval) => schedule => schedule.WithInterval(interval).RepeatForever();
}
