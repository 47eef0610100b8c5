using Billing.Service.Ledger;

namespace Billing.Demo.Summary;

/// <summary>How many usages stand in the database, cheap enough to ask while it is busy.</summary>
readonly record struct QuickCount(long Charged, long Rejected)
{
    // Records and ledger entries of an account share one running number: what is not an entry is a record.
    const string Statement =
        """
        select cast((select coalesce(sum(last_entry_number), 0) from account) as bigint) - (select count(*) from ledger_entry),
               (select count(*) from rejected_usage)
        """;

    public static async Task<QuickCount> Of(IDatabase database, CancellationToken cancellationToken) =>
        (await database.Read(Statement, reader => new QuickCount(reader.GetInt64(0), reader.GetInt64(1)), cancellationToken))[0];

    public QuickCount Since(QuickCount before) => new(Charged - before.Charged, Rejected - before.Rejected);
}
