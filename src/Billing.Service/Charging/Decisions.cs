using Billing.Service.Charging.Alerts;
using Billing.Service.Charging.Reservations;

namespace Billing.Service.Charging;

/// <summary>What a batch decided: an outcome for each operation, and what must be written for them in one transaction.</summary>
public sealed class Decisions(Outcome[] outcomes)
{
    public Outcome[] Outcomes { get; } = outcomes;
    public List<BillingRecord> Records { get; } = [];
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>The records that a reversal among the entries gives back.</summary>
    public List<BillingRecord> GivenBack { get; } = [];

    public List<RejectedUsage> Rejections { get; } = [];
    public List<OperatorAct> Acts { get; } = [];

    /// <summary>By the id of the rejected row: of several retries in one batch the first tells what became of it.</summary>
    public Dictionary<long, RetriedUsage> Retries { get; } = [];

    public List<AccountState> Accounts { get; } = [];
    public List<FreeQuotaState> FreeQuotas { get; } = [];
    public List<FreeQuotaCrossing> FreeQuotaCrossings { get; } = [];
    public List<ReservationState> Reservations { get; } = [];

    /// <summary>All duplicates and refusals: nothing has to be committed.</summary>
    public bool NothingToWrite => Records.Count == 0 && Entries.Count == 0 && Rejections.Count == 0 && Reservations.Count == 0 && Acts.Count == 0 && Retries.Count == 0
        && !Outcomes.Any(outcome => outcome is Opened);
}
