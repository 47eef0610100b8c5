namespace Billing.Sagas;

/// <summary>The times of a recharge. Bound from the configuration section <c>Recharges</c>.</summary>
public sealed class RechargeOptions
{
    public const string Section = "Recharges";

    /// <summary>Unpaid for so long, a recharge expires.</summary>
    public TimeSpan ExpiresAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Who asked for a recharge is answered after this at the latest, with or without a pay URL.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>So long before the expiry the payment service is asked how the payment stands.</summary>
    public TimeSpan QueryBeforeExpiry { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When it is asked after the expiry, each counted from the time before; then no more.</summary>
    public IReadOnlyList<TimeSpan> LateQueries { get; set; } = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24), TimeSpan.FromDays(3)];

    /// <summary>A credit that the ledger has not answered for so long is asked for again.</summary>
    public TimeSpan CreditAgainAfter { get; set; } = TimeSpan.FromMinutes(5);
}
