using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>It is there and cannot be talked to. What was confirmed waits for the service, and the service comes back by itself.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_the_broker_is_out_of_reach(PrivateServers servers, ITestOutputHelper output)
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    /// <summary>Acknowledgements that were on their way arrive with the healing, or never: then all of it is delivered again.</summary>
    [Fact]
    public Task In_a_black_hole_deliveries_and_acks_are_late_or_repeated() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.RabbitMq.Silence();
        await Task.Delay(Away);
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
    });

    [Fact]
    public Task Resetting_every_connection_it_delivers_again() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.RabbitMq.Refuse();
        await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
    });

    [Fact]
    public Task Cut_off_amid_its_deliveries_each_usage_is_charged_once() => Trial.UnderLoad(servers, output, async stack =>
    {
        for (var cut = 0; cut < 5; cut++)
        {
            stack.Wires.RabbitMq.CutAfter(stack.Chance.Next(1, 100_000));
            await Task.Delay(stack.Chance.Next(500, 1_500));
            stack.Wires.RabbitMq.Heal();
            await Task.Delay(stack.Chance.Next(2_000, 4_000));
        }
    });

    [Fact]
    public Task Slow_it_only_takes_longer() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.RabbitMq.Delay(TimeSpan.FromMilliseconds(100));
        var before = await stack.Charged();
        await Task.Delay(Away);
        Assert.True(await stack.Charged() > before, "nothing was charged");
    });

    [Fact]
    public Task Standing_still_it_costs_only_time() => Trial.UnderLoad(servers, output, async stack =>
    {
        await servers.Pause(PrivateServers.RabbitMq);
        await Task.Delay(Away);
        await servers.Resume(PrivateServers.RabbitMq);
    });

    /// <summary>Then it takes nothing from anybody who publishes, the service's answers and events among them.</summary>
    [Theory]
    [InlineData("set_vm_memory_high_watermark 0.00001", "set_vm_memory_high_watermark absolute 1GB")]
    [InlineData("set_disk_free_limit 500GB", "set_disk_free_limit 50MB")]
    public Task With_an_alarm_on_everybody_waits(string raise, string clear) => Trial.UnderLoad(servers, output, async stack =>
    {
        await servers.RabbitMqCtl(raise.Split(' '));
        try
        {
            await Task.Delay(Away);
            Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
        }
        finally
        {
            await servers.RabbitMqCtl(clear.Split(' '));
        }
    });

    /// <summary>What cannot be read has to go to the error queue, and may not: it comes again and again beside all that can be charged.</summary>
    [Fact]
    public Task Without_the_right_to_set_a_poisoned_message_aside_the_rest_is_charged() => Trial.UnderLoad(servers, output, async stack =>
    {
        await stack.VirtualHost.TakeRightToWrite();
        await stack.SendPoison();
        await Task.Delay(Away);
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
        await stack.VirtualHost.GiveRightsBack();
        await Eventually.That("the poisoned message lies in the error queue", stack.VirtualHost.TakeErrors, taken => taken == 1, TimeSpan.FromMinutes(2));
    });

    /// <summary>What was in it is gone by that word, so it is empty here. What comes afterwards is charged.</summary>
    [Fact]
    public async Task With_its_queues_deleted_by_somebody_the_service_has_them_again()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        for (var deletion = 0; deletion < 2; deletion++)
        {
            var load = stack.StartLoad();
            await stack.Confirmed(more: 500);
            await load.Finish();
            await stack.WaitUntilQuiet();
            await stack.VirtualHost.DeleteUsageQueues();
            stack.Note("the queues are gone");
            await Eventually.That("both are there again, with a consumer", stack.VirtualHost.UsageQueuesAreServed, served => served, TimeSpan.FromMinutes(2));
            stack.Note("they are there again");
        }

        var last = stack.StartLoad();
        await stack.Confirmed(more: 500);
        await last.Finish();
        await stack.Check();
    }

    [Fact]
    public async Task Killed_together_with_the_service_between_commit_and_ack_nothing_is_charged_again()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin("after_commit:20");
        var load = stack.StartLoad();
        await stack.Service.Died();
        await servers.Kill(PrivateServers.RabbitMq);
        await servers.Start(PrivateServers.RabbitMq);
        await stack.Restart();
        await stack.Confirmed(more: 500);
        await load.Finish();
        await stack.Check();
    }
}
