using Billing.Service.Alerts;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Reservations;
using Microsoft.Extensions.Options;

namespace Billing.Service.Hosting;

/// <summary>Before any door opens: the schema, the deployment's fixed choices, the catalogue. Waits for a database that is not up yet.</summary>
sealed class Preparation(
    SchemaVersion schema, IServiceProvider services, ServerAddresses addresses, TimeProvider time, IDatabase database, ILedgerStore store, CatalogueStore catalogue, Rules rules, IOptions<BillingOptions> options,
    IOptions<ReservationOptions> reservations, IOptions<AlertOptions> alerts, ILogger<Preparation> logger) : IHostedService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly TaskCompletionSource<bool> _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once it is known: false when the service cannot start at all.</summary>
    public Task<bool> Succeeded => _succeeded.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PrepareOnceAvailable(cancellationToken);
            _succeeded.SetResult(true);
        }
        finally
        {
            _succeeded.TrySetResult(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task PrepareOnceAvailable(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Prepare(cancellationToken);
                return;
            }
            catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
            {
                logger.LogWarning("Waiting for the database: {Error}", exception.Message);
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    async Task Prepare(CancellationToken cancellationToken)
    {
        var zone = Zone(options.Value.TimeZone);
        await HaveSchema(cancellationToken);
        await HoldToDeployment(cancellationToken);

        var current = await catalogue.Load(cancellationToken);
        if (current.Services.Count == 0)
        {
            var path = Path.Combine(AppContext.BaseDirectory, options.Value.CatalogueFile);
            await catalogue.SeedOnce(CatalogueFile.Read(path), cancellationToken);
            current = await catalogue.Load(cancellationToken);
            logger.LogInformation("The catalogue of the first start has {ServiceCount} services", current.Services.Count);
        }
        rules.Use(new ChargingRules(current, new BillingCalendar(zone)) { SettleGrace = reservations.Value.SettleGrace, Alerts = alerts.Value.Rules() }, options.Value.Currency);
    }

    /// <summary>A service whose user may not change the schema, as in production, says what its operator has to do.</summary>
    async Task HaveSchema(CancellationToken cancellationToken)
    {
        try
        {
            // An owner is asked for only when there is something to do.
            if ((await schema.Pending(cancellationToken)).Count > 0) await services.GetRequiredService<Migrator>().Migrate(cancellationToken);
            else await database.Prepare(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (database.IsDenied(exception))
        {
            var pending = await schema.Pending(cancellationToken);
            var lacks = pending.Count == 0 ? "The database does not give this service's user its rights" : $"The database lacks {string.Join(", ", pending.Select(file => file.Name))}, and this service's user may not change it";
            throw new InvalidOperationException($"{lacks}. Run: {PostgresOwner.MigrateCommand(addresses.Postgres!)}");
        }
    }

    /// <summary>Another currency or time zone would give old amounts and months another meaning.</summary>
    async Task HoldToDeployment(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await database.Execute(connection, "insert into deployment (currency, time_zone) values ($1, $2) on conflict do nothing",
            cancellationToken, options.Value.Currency, options.Value.TimeZone);
        var (currency, timeZone) = (await database.Query(connection, "select currency, time_zone from deployment",
            reader => (reader.GetString(0), reader.GetString(1)), cancellationToken))[0];
        if (currency != options.Value.Currency)
            throw new InvalidOperationException($"This database bills in {currency}: set Billing__Currency={currency}, or use another database.");
        if (timeZone != options.Value.TimeZone)
            throw new InvalidOperationException($"This database bills by the months of {timeZone}: set Billing__TimeZone={timeZone}, or use another database.");
    }

    static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        ? zone
        : throw new InvalidOperationException($"Billing__TimeZone is '{name}', which is no IANA time zone known here, such as Asia/Shanghai; is the tzdata package installed?");
}
