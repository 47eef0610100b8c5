namespace Billing.Service.Hosting;

/// <summary>RabbitMQ's direct reply-to: an answer finds its requester without a queue, by a name that the broker gives it.</summary>
static class DirectReplyTo
{
    public const string Name = "amq.rabbitmq.reply-to";

    public static bool Is(Uri? address) => address?.AbsolutePath.Split('/')[^1] == Name;

    /// <summary>The routing key of an answer: the broker has put the requester's channel behind the name. Any other is a queue.</summary>
    public static bool IsRequester(string routingKey) => routingKey.StartsWith(Name + ".", StringComparison.Ordinal);
}
