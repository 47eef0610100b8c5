namespace Billing.FaultTests.Harness;

/// <summary>One after the other: a test that kills a server must not hit its neighbour, and two cores carry one fault at a time.</summary>
[CollectionDefinition(PrivateServers.Collection, DisableParallelization = true)]
public sealed class PrivateServersCollection : ICollectionFixture<PrivateServers>;
