using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>Is told of each commit of this process, after it. It must neither throw nor wait; dying just before it loses the word.</summary>
public interface ICommitObserver
{
    /// <param name="now">The batch's "now", by the database's clock.</param>
    void Committed(Decisions decisions, DateTimeOffset now);
}
