namespace Billing.IntegrationTests;

/// <summary>All classes here share one set of servers and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<Servers>
{
    public const string Name = "servers";
}
