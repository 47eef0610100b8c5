namespace Billing.Client;

/// <summary>How a program reaches the billing service; the section "Billing" of its configuration.</summary>
public sealed class BillingClientOptions
{
    public const string Section = "Billing";

    /// <summary>
    /// Where it is: <c>amqp://gateway:password@host:5672/billing</c> (or <c>amqps</c>) by the broker, <c>http://host:5080</c> (or
    /// <c>https</c>) without one. The broker takes usage while the service is away; over HTTP it waits in the client.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>The API key, over HTTP. None is needed where the service listens on loopback without keys.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long a request waits for its answer, and the deadline past which the service does nothing for it: 0.1 to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal bool OverBroker => Address?.Scheme is "amqp" or "amqps";

    /// <summary>What is wrong with them and what would be right; nothing when they are well.</summary>
    internal string? Problem() => this switch
    {
        { Address: null } => $"Set {Section}:Address (environment: {Section}__Address) to amqp://user:password@host:5672/billing or http://host:5080.",
        { Address: { IsAbsoluteUri: false } or { Scheme: not ("amqp" or "amqps" or "http" or "https") } } => $"{Section}:Address begins with amqp://, amqps://, http:// or https://.",
        _ when RequestTimeout < TimeSpan.FromSeconds(0.1) || RequestTimeout > TimeSpan.FromMinutes(1) => $"{Section}:RequestTimeout is from 00:00:00.1 to 00:01:00.",
        _ => null,
    };
}
