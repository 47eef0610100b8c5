namespace Billing.Client;

/// <summary>What becomes of a call that no lease covers while the billing service does not answer.</summary>
public enum WhenUnavailable
{
    /// <summary>It is refused: nobody spends what they may not have.</summary>
    Refuse,

    /// <summary>It is let through without a reservation; its usage is charged when the service is back, into debt if need be.</summary>
    Allow,
}
