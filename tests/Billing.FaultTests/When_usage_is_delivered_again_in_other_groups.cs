using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>The trap of batches: what de-duplicates by message, or by batch, charges a usage twice or loses it when the grouping changes.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_usage_is_delivered_again_in_other_groups(PrivateServers servers, ITestOutputHelper output)
{
    const int UsageCount = 900;
    const int Singles = 100;

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task Each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var usages = stack.Traffic.Next(UsageCount);

        // Dies once with the first grouping in work, and once with the second: the broker has both groupings to deliver again.
        await stack.Service.Kill();
        await stack.Send([.. usages.Chunk(200)]);
        stack.StartService("after_commit:1");
        await stack.Service.Died();
        // The first commit may have charged them all: some new ones among them make sure that there is another to die after.
        await stack.Send([.. OneByOne(stack, usages), .. Shuffled(stack, usages).Chunk(150), stack.Traffic.Next(150)]);
        stack.StartService("after_commit:1");
        await stack.Service.Died();

        await stack.Restart();
        await stack.Send([.. usages.AsEnumerable().Reverse().Chunk(70), .. OneByOne(stack, usages)]);
        await stack.Check();
    }

    [Fact]
    public async Task Each_usage_over_HTTP_is_charged_once()
    {
        await using var stack = new EmbeddedStack(output);
        await stack.Begin("after_commit:20");
        var usages = stack.Traffic.Next(UsageCount);
        var load = Task.Run(async () =>
        {
            await stack.Send([.. usages.Chunk(50)]);
            await stack.Send([.. OneByOne(stack, usages), .. Shuffled(stack, usages).Chunk(150)]);
        });
        await stack.Service.Died();

        await stack.Restart("before_commit:5");
        await stack.Service.Died();

        await stack.Restart();
        await load;
        await stack.Send([.. usages.AsEnumerable().Reverse().Chunk(70), .. OneByOne(stack, usages)]);
        await stack.Check();
    }

    static IEnumerable<SentUsage[]> OneByOne(Stack stack, List<SentUsage> usages) => Shuffled(stack, usages).Take(Singles).Chunk(1);

    static SentUsage[] Shuffled(Stack stack, List<SentUsage> usages)
    {
        var shuffled = usages.ToArray();
        stack.Chance.Shuffle(shuffled);
        return shuffled;
    }
}
