using Billing.Demo.Gateway;
using Billing.Demo.Partner;
using Billing.Demo.Recharges;
using Billing.Demo.Traffic;
using Billing.Demo.Web;
using Billing.Service.Ledger;

namespace Billing.Demo.Stack;

/// <summary>The service under demonstration, with what it stands on.</summary>
interface IStack : IAsyncDisposable
{
    /// <summary>What runs where, in a few words.</summary>
    string Description { get; }

    /// <summary>The service's HTTP door.</summary>
    Uri Address { get; }

    /// <summary>Where the gateways' client library finds it.</summary>
    Uri GatewayAddress { get; }

    string LogFile { get; }

    IDatabase Database { get; }

    TrafficMix Mix { get; }

    /// <summary>How often the service had to be started again.</summary>
    int Restarts { get; }

    /// <summary>Returns when the service is ready.</summary>
    Task Start(CancellationToken cancellationToken);

    /// <summary>Doors that send whatever they are given, right or wrong.</summary>
    IReadOnlyList<IMessageDoor> OpenUncheckedDoors(int connections, GatewayLog log);

    /// <summary>As the users' web page, and as an operator.</summary>
    Task<IRechargeDoor> OpenRechargeDoor(CancellationToken cancellationToken);

    /// <summary>As the users' web page, to look at accounts.</summary>
    Task<IWebDoor> OpenWebDoor(CancellationToken cancellationToken);

    /// <summary>As the partner that gives out API keys.</summary>
    Task<IKeyDoor> OpenKeyDoor(CancellationToken cancellationToken);

    /// <summary>Starts the payment service, which ends when it is disposed.</summary>
    Task<IAsyncDisposable> OpenPaymentService(string journalFile, int seed, CancellationToken cancellationToken);

    /// <summary>What may go wrong with payments here: words of channels.</summary>
    IReadOnlyList<string> Misbehaviours { get; }

    RechargeTables RechargeTables { get; }

    /// <summary>Messages that no consumer has taken yet.</summary>
    Task<long> MessagesWaiting(CancellationToken cancellationToken);

    /// <summary>Lets the service finish what it has begun.</summary>
    Task Stop();

    /// <summary>What a command of the service needs to find the same database.</summary>
    IReadOnlyDictionary<string, string> CommandEnvironment { get; }
}
