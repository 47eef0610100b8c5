namespace Billing.FaultTests.Harness;

/// <summary>The shape of most tests: a service under load, a fault, its healing, more load, quiet, the comparison.</summary>
static class Trial
{
    const int UsagesBefore = 500;
    const int UsagesAfter = 500;

    /// <param name="servers">Those of all tests.</param>
    /// <param name="output">Where the test's story goes.</param>
    /// <param name="fault">What goes wrong; it returns when that is over. The wires are healed afterwards.</param>
    /// <param name="settings">The service's own.</param>
    public static async Task UnderLoad(PrivateServers servers, ITestOutputHelper output, Func<ServersStack, Task> fault, params (string Name, string Value)[] settings)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin(settings: settings);
        var load = stack.StartLoad();
        await using var readers = new QuotaReaders(stack.Service.Address);
        await stack.Confirmed(UsagesBefore);

        stack.Note("the fault begins");
        await fault(stack);
        stack.Wires.Heal();
        stack.Note("the fault has ended");

        await stack.Service.Ready();
        stack.Note("the service is ready");
        await stack.Confirmed(UsagesAfter);
        await load.Finish();
        await stack.Check();
    }
}
