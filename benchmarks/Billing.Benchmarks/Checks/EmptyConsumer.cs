using MassTransit;

namespace Billing.Benchmarks.Checks;

/// <summary>What a check asks, and nothing looked up for it.</summary>
public sealed record EmptyRequest
{
    public required string UserId { get; init; }
    public required string Service { get; init; }
    public required long Quantity { get; init; }
}

public sealed record EmptyAnswer
{
    public required bool Allowed { get; init; }
}

/// <summary>The yardstick: what request/response on this broker costs by itself, in a process of its own with the service's own settings.</summary>
sealed class EmptyConsumer : IConsumer<EmptyRequest>
{
    const string Queue = "empty-requests";
    const int Prefetch = 512;

    public Task Consume(ConsumeContext<EmptyRequest> context) => context.RespondAsync(new EmptyAnswer { Allowed = true });

    public static async Task Run(Uri address, CancellationToken cancellationToken)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbitMq =>
        {
            Asking.Connect(rabbitMq, address);
            rabbitMq.ReceiveEndpoint(Queue, endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = Prefetch;
                endpoint.ConcurrentMessageLimit = Prefetch;
                endpoint.Consumer<EmptyConsumer>();
            });
        });
        await bus.StartAsync(cancellationToken);
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await bus.StopAsync(CancellationToken.None);
    }
}
