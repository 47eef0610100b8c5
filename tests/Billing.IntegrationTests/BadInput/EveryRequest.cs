using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.BadInput;

/// <summary>One running service, and somebody of each role who asks it.</summary>
public sealed class EveryRequest(Servers servers) : ServiceOnServers(servers)
{
    readonly Dictionary<string, Asker> _askers = [];

    public Asker As(string role) => _askers[role];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (role, address) in new[] { ("gateway", Broker.AsGateway), ("web", Broker.AsWeb), ("operator", Broker.AsOperator), ("api-key-service", Broker.AsApiKeyService), ("payment-service", Broker.AsPaymentService) })
            _askers[role] = await Asker.Connect(address);
    }

    protected override string[] Settings => ["Payments:OverHttp=true", "Recharges:AnswerWithin=00:00:00.3"];

    public override async Task DisposeAsync()
    {
        foreach (var asker in _askers.Values) await asker.DisposeAsync();
        await base.DisposeAsync();
    }
}
