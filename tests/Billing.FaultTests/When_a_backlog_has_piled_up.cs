using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>After a long absence of the service everything waits at the broker, and only a part of it may be in its hands at once.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_a_backlog_has_piled_up(PrivateServers servers, ITestOutputHelper output)
{
    const int UsageCount = 100_000;
    const int BatchSize = 250;
    const long MemoryMaxMib = 600;

    [Fact]
    public async Task It_is_charged_once_and_the_memory_stays_bounded()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await stack.Service.Kill();
        await stack.Send([.. stack.Traffic.Next(UsageCount).Chunk(BatchSize)]);

        await stack.Restart();
        var memoryMib = 0L;
        await Eventually.That("the backlog is charged", async () =>
        {
            memoryMib = Math.Max(memoryMib, stack.Service.MemoryMib);
            return await stack.Waiting();
        }, waiting => waiting == 0, TimeSpan.FromSeconds(120));
        stack.Note($"at most {memoryMib} MiB");

        await stack.Check();
        Assert.InRange(memoryMib, 1, MemoryMaxMib);
    }
}
