namespace Billing.Contracts;

/// <summary>
/// Orders a top-up. The same key of the same user is the same recharge, however often it is sent; with another amount, currency or
/// channel it is refused. Answered by <see cref="RechargeStatus"/> as soon as the pay URL is known, and after five seconds without it.
/// </summary>
public sealed record StartRecharge
{
    public required string UserId { get; init; }

    /// <summary>What the user pays and is credited: more than zero, in whole minor units of the currency (cents, for example).</summary>
    public required Money Amount { get; init; }

    /// <summary>The deployment's billing currency; another is "currency_mismatch".</summary>
    public required string Currency { get; init; }

    /// <summary>How the user pays, in the payment service's words, such as "card": 1 to 64 characters of a name.</summary>
    public required string Channel { get; init; }

    /// <summary>The requester's own key for this order, 1 to 128 characters of a name.</summary>
    public required string IdempotencyKey { get; init; }
}
