using Billing.Service.Alerts;
using Billing.Service.Hosting;
using Billing.Service.Quota.Caching;
using Billing.Service.Reservations;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>What runs by the clock. Every instance has all the triggers; who runs a job, its turn decides.</summary>
static class Schedule
{
    const string NightlyCheckOfCache = "0 30 3 * * ?";

    public static void AddJobs(this IServiceCollection services, ServerAddresses addresses, IConfiguration configuration)
    {
        var plans = Plans(addresses, configuration);
        services.Configure<RetentionOptions>(configuration.GetSection(RetentionOptions.Section));
        services.AddSingleton<IReadOnlyList<JobPlan>>(plans);
        services.AddSingleton<JobTurns>();
        services.AddSingleton<JobRuns>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobViews>();
        services.AddSingleton<JobsByHand>();
        services.AddHostedService(provider => provider.GetRequiredService<JobsByHand>());
        services.AddQuartz(quartz =>
        {
            foreach (var plan in plans)
            {
                quartz.AddJob<ScheduledJob>(job => job.WithIdentity(plan.Name).StoreDurably());
                if (plan.Every is { } interval)
                    quartz.AddTrigger(trigger => trigger.ForJob(plan.Name).WithIdentity(plan.Name).StartAt(Next(interval)).WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
                else if (plan.At is { Length: > 0 } cron)
                    quartz.AddTrigger(trigger => trigger.ForJob(plan.Name).WithIdentity(plan.Name).WithCronSchedule(cron));
            }
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    static List<JobPlan> Plans(ServerAddresses addresses, IConfiguration configuration)
    {
        var reservations = configuration.GetSection(ReservationOptions.Section).Get<ReservationOptions>() ?? new ReservationOptions();
        var alerts = configuration.GetSection(AlertOptions.Section).Get<AlertOptions>() ?? new AlertOptions();
        var cache = configuration.GetSection(CacheOptions.Section).Get<CacheOptions>() ?? new CacheOptions();
        var retention = (configuration.GetSection(RetentionOptions.Section).Get<RetentionOptions>() ?? new RetentionOptions()).Checked();
        var ownCache = addresses.Redis is null;
        return
        [
            Plan<PrepareDatabaseJob>("prepare-database", "Make the partitions of the next two weeks.") with { Every = TimeSpan.FromHours(1) },
            Plan<SweepReservationsJob>("sweep-reservations", "Give back what overdue reservations hold, and forget closed ones.") with { Every = reservations.SweepEvery },
            Plan<RefreshCatalogueJob>("refresh-catalogue", "Take up changes of the catalogue that another instance made.") with { Every = TimeSpan.FromSeconds(5), OnEachInstance = true },
            Plan<ForgetDeliveriesJob>("forget-deliveries", "Delete deliveries to webhooks that ended long ago.") with { Every = TimeSpan.FromHours(1) },
            Plan<ForgetRunsJob>("forget-runs", "Delete old runs of jobs and old results of audits.") with { Every = TimeSpan.FromHours(1) },
            Plan<AuditJob>("audit", "Prove the ledger, in one snapshot.") with { At = alerts.AuditAt },
            Plan<RetireRecordsJob>("retire-records", "Carry old records forward and take them out of the ledger.") with { At = retention.RecordsKeepMonths is null ? null : retention.RetireAt },
            Plan<CheckCacheJob>("check-cache", "Compare some of the cache with the database.", cache.SampleMax) with { At = "15 * * * * ?", OnEachInstance = ownCache },
            Plan<CheckCacheJob>("check-all-of-cache", "Compare all of the cache with the database.", CheckCacheJob.All) with { At = NightlyCheckOfCache, OnEachInstance = ownCache },
        ];
    }

    static JobPlan Plan<TJob>(string name, string does, params object[] arguments)
        where TJob : IBillingJob => new() { Name = name, Does = does, Make = services => ActivatorUtilities.CreateInstance<TJob>(services, arguments) };

    /// <summary>Intervals begin at whole multiples of themselves, so that every instance plans the same moments.</summary>
    static DateTimeOffset Next(TimeSpan interval)
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(interval.Ticks - now.Ticks % interval.Ticks);
    }
}
