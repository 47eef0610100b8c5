using System.Globalization;
using Billing.Benchmarks.Checks;
using Billing.Contracts;
using MassTransit;

namespace Billing.Benchmarks.Compare;

/// <summary>The yardstick: MassTransit taking the same messages from queues like the service's, and doing nothing; in a process of its own.</summary>
static class EmptyUsage
{
    public const string Verb = "empty-usage";
    public const string SingleQueue = "empty-usage";
    public const string BatchQueue = "empty-usage-batch";
    public const string Address = "EMPTY_USAGE_RABBITMQ";

    // Of batches, three times what the service takes at once.
    const int SinglePrefetch = 2_000;
    const int BatchPrefetch = 96;

    static long _taken;

    /// <summary>Answers each line with how many usages it has taken.</summary>
    public static async Task Run()
    {
        var address = new Uri(Environment.GetEnvironmentVariable(Address) ?? throw new InvalidOperationException($"{Address} is not set: run compare."));
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbitMq =>
        {
            Asking.Connect(rabbitMq, address);
            Endpoint<Single>(rabbitMq, SingleQueue, SinglePrefetch);
            Endpoint<Many>(rabbitMq, BatchQueue, BatchPrefetch);
        });
        await bus.StartAsync();
        Console.WriteLine(ChildProcess.Ready);
        while (await Console.In.ReadLineAsync() is not null) Console.WriteLine(Interlocked.Read(ref _taken).ToString(CultureInfo.InvariantCulture));
        await bus.StopAsync();
    }

    static void Endpoint<TConsumer>(IRabbitMqBusFactoryConfigurator rabbitMq, string queue, int prefetch) where TConsumer : class, IConsumer, new() => rabbitMq.ReceiveEndpoint(queue, endpoint =>
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = prefetch;
        endpoint.ConcurrentMessageLimit = prefetch;
        endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        endpoint.Consumer<TConsumer>();
    });

    sealed class Single : IConsumer<UsageOccurred>
    {
        public Task Consume(ConsumeContext<UsageOccurred> context)
        {
            Interlocked.Increment(ref _taken);
            return Task.CompletedTask;
        }
    }

    sealed class Many : IConsumer<UsageBatch>
    {
        public Task Consume(ConsumeContext<UsageBatch> context)
        {
            Interlocked.Add(ref _taken, context.Message.Items.Count);
            return Task.CompletedTask;
        }
    }
}
