using Billing.Service.Reservations;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>What runs by the clock. Jobs are sweeps over rows that may run again without harm, on every instance.</summary>
static class Schedule
{
    public static void AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var reservations = configuration.GetSection(ReservationOptions.Section).Get<ReservationOptions>() ?? new ReservationOptions();
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<PrepareDatabaseJob>(trigger => trigger.WithIdentity("prepare-database").WithSimpleSchedule(Every(TimeSpan.FromHours(1))));
            quartz.ScheduleJob<SweepReservationsJob>(trigger => trigger.WithIdentity("sweep-reservations").WithSimpleSchedule(Every(reservations.SweepEvery)));
            quartz.ScheduleJob<RefreshCatalogueJob>(trigger => trigger.WithIdentity("refresh-catalogue").WithSimpleSchedule(Every(TimeSpan.FromSeconds(5))));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    static Action<SimpleScheduleBuilder> Every(TimeSpan interval) => schedule => schedule.WithInterval(interval).RepeatForever();
}
