using Billing.Demo.Gateway;
using Billing.Demo.Partner;
using Billing.Demo.Payments;
using Billing.Demo.Payments.Scripting;
using Billing.Demo.Recharges;
using Billing.Demo.Traffic;
using Billing.Demo.Web;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Demo.Stack;

/// <summary>The embedded default: service, in-memory transport and SQLite file in this process.</summary>
sealed class EmbeddedStack : IStack
{
    readonly RunFolder _folder;
    readonly WebApplication _service;

    public EmbeddedStack(RunFolder folder, string? catalogueFile)
    {
        _folder = folder;
        _service = BillingHost.Build(
        [
            "--urls=http://127.0.0.1:0",
            $"--Billing:DataFile={folder.DataFile}",
            .. catalogueFile is null ? Array.Empty<string>() : [$"--Billing:CatalogueFile={catalogueFile}"],
            .. RechargeTimes.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            // Whatever servers the environment names are not the demo's to fill.
            "--BILLING_POSTGRES=", "--BILLING_RABBITMQ=", "--BILLING_REDIS=", "--ConnectionStrings:Postgres=", "--ConnectionStrings:RabbitMq=",
            "--Serilog:Using:0=Serilog.Sinks.File", "--Serilog:WriteTo:0:Name=File", $"--Serilog:WriteTo:0:Args:path={folder.LogFile}",
        ]);
    }

    public string Description => "embedded: one process, in-memory transport, a SQLite file";

    public Uri Address => new(_service.Urls.First());

    public Uri GatewayAddress => Address;

    public string LogFile => _folder.LogFile;

    public IDatabase Database => new SqliteDatabase(_folder.DataFile);

    public TrafficMix Mix => TrafficMix.Embedded;

    public int Restarts => 0;

    public IReadOnlyDictionary<string, string> CommandEnvironment => new Dictionary<string, string>
    {
        ["Billing__DataFile"] = _folder.DataFile,
        ["BILLING_POSTGRES"] = "",
        ["BILLING_RABBITMQ"] = "",
        ["BILLING_REDIS"] = "",
        ["ConnectionStrings__Postgres"] = "",
        ["ConnectionStrings__RabbitMq"] = "",
    };

    public Task Start(CancellationToken cancellationToken) => _service.StartAsync(cancellationToken);

    public IReadOnlyList<IMessageDoor> OpenUncheckedDoors(int connections, GatewayLog log) => [new InMemoryDoor(_service.Services.GetRequiredService<IBus>(), log)];

    public Task<IRechargeDoor> OpenRechargeDoor(CancellationToken cancellationToken) => Task.FromResult<IRechargeDoor>(new HttpRechargeDoor(Address));

    public Task<IWebDoor> OpenWebDoor(CancellationToken cancellationToken) => Task.FromResult<IWebDoor>(new HttpWebDoor(Address));

    public Task<IKeyDoor> OpenKeyDoor(CancellationToken cancellationToken) => Task.FromResult<IKeyDoor>(new HttpKeyDoor(Address));

    public Task<IAsyncDisposable> OpenPaymentService(string journalFile, int seed, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new HttpPaymentDesk(Address, journalFile, new CashierOptions { Seed = seed }, TimeProvider.System));

    // Over HTTP nobody asks the payment service how a payment stands: what it does not tell stays untold.
    public IReadOnlyList<string> Misbehaviours { get; } = [.. Channels.Misbehaviours.Where(word => word != Channels.Lose)];

    public RechargeTables RechargeTables => RechargeTables.Sqlite;

    // The gateway itself has waited for each of its messages.
    public Task<long> MessagesWaiting(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task Stop() => _service.StopAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
