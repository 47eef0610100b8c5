namespace Billing.Service.Webhooks;

/// <summary>Limits of the webhooks. Bound from the configuration section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Seals the secrets in the database: 32 bytes in base64. Without it they stand there as they are.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Lets receivers be on this machine and in private networks, over plain HTTP too: for tests and intranets.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How long a receiver may take, from the look-up of its name to the end of its answer's headers.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests to one subscription at once: a slow receiver delays its own events alone.</summary>
    public int AtOncePerWebhook { get; set; } = 4;

    /// <summary>Requests at once over all subscriptions; each is a socket.</summary>
    public int AtOnceMax { get; set; } = 1_000;

    /// <summary>Without a signal of this process the table is looked at this often: for events of other instances, and for those whose time has come.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a former secret signs beside the new one.</summary>
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Deliveries that have ended are kept for this long.</summary>
    public int KeepDays { get; set; } = 30;

    /// <summary>Subscriptions of a deployment.</summary>
    public int WebhooksMax { get; set; } = 1_000;

    /// <summary>Longer than any request takes: who has not said by then what became of it is taken for dead, and it is sent again.</summary>
    internal TimeSpan Lease => Timeout + TimeSpan.FromSeconds(20);
}
