using MassTransit;

namespace Billing.Sagas;

/// <summary>What is known of one recharge.</summary>
sealed class RechargeState : SagaStateMachineInstance
{
    /// <summary>The recharge's id, derived from user and idempotency key.</summary>
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public string UserId { get; set; } = "";
    public Money Amount { get; set; }
    public string Currency { get; set; } = "";
    public string Channel { get; set; } = "";
    public string IdempotencyKey { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The payment that the payment service created for this order.</summary>
    public string? PaymentId { get; set; }

    public string? PayUrl { get; set; }

    /// <summary>The payment that brought money, as ordered or not.</summary>
    public string? PaidPaymentId { get; set; }

    public Money PaidAmount { get; set; }
    public string? PaidCurrency { get; set; }
    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>True when the money came after the recharge had failed or expired.</summary>
    public bool Late { get; set; }

    /// <summary>What the ledger is told to credit.</summary>
    public Money Credit { get; set; }

    /// <summary>The balance right after the credit.</summary>
    public Money BalanceAfter { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>What of the credit the ledger has taken back.</summary>
    public Money Refunded { get; set; }

    /// <summary>Why it failed or must be looked at.</summary>
    public string? Reason { get; set; }

    public Money? ResolvedCredit { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>How often the payment service was asked after the expiry.</summary>
    public int LateLooks { get; set; }

    /// <summary>Refunds that the ledger was told of and has not answered.</summary>
    public int OpenRefunds { get; set; }

    public Guid? AnswerToken { get; set; }
    public Guid? LookToken { get; set; }

    /// <summary>Who is still to be answered.</summary>
    public List<Requester> Waiting { get; set; } = [];
}
