using Billing.Service.Charging;

namespace Billing.Service.Http;

/// <summary>What became of each usage of a request, in its order.</summary>
public sealed record UsageReceipt
{
    public required int Charged { get; init; }
    public required int Duplicates { get; init; }
    public required int Rejected { get; init; }
    public required string Currency { get; init; }
    public required IReadOnlyList<Item> Items { get; init; }

    public sealed record Item
    {
        /// <summary>The id as it was sent.</summary>
        public string? UsageId { get; init; }

        /// <summary>"charged", "duplicate" or "rejected".</summary>
        public required string Status { get; init; }

        public string? Code { get; init; }
        public string? Detail { get; init; }
        public long? FreeUnits { get; init; }
        public long? PaidUnits { get; init; }
        public Money? Amount { get; init; }
        public Money? Balance { get; init; }
        public long? FreeUnitsLeft { get; init; }
    }

    public static UsageReceipt Of(IReadOnlyList<Operation> operations, Outcome[] outcomes, string currency) => new()
    {
        Charged = outcomes.Count(outcome => outcome is Charged { Duplicate: false }),
        Duplicates = outcomes.Count(outcome => outcome is Charged { Duplicate: true }),
        Rejected = outcomes.Count(outcome => outcome is Refused),
        Currency = currency,
        Items = [.. operations.Zip(outcomes, ItemOf)],
    };

    static Item ItemOf(Operation operation, Outcome outcome) => outcome switch
    {
        Charged charged => new Item
        {
            UsageId = charged.Record.UsageId.ToString(),
            Status = charged.Duplicate ? "duplicate" : "charged",
            FreeUnits = charged.Record.FreeUnits,
            PaidUnits = charged.Record.PaidUnits,
            Amount = charged.Record.Amount,
            Balance = charged.Record.BalanceAfter,
            FreeUnitsLeft = charged.Record.FreeUnitsAfter,
        },
        Refused refused => new Item
        {
            UsageId = operation switch { ChargeUsage charge => charge.Usage.UsageId.ToString(), RecordRejection rejection => rejection.Rejected.UsageId, _ => null },
            Status = "rejected",
            Code = refused.Refusal.Code,
            Detail = refused.Refusal.Detail,
        },
        _ => throw new InvalidOperationException($"A usage cannot end as {outcome.GetType().Name}."),
    };
}
