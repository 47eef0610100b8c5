using System.Globalization;
using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Alerts;

/// <summary>
/// Tells operators of what is wrong, once while it lasts: its row and the message are one transaction, and of several instances that
/// find the same thing, one writes the row.
/// </summary>
sealed class OperatorAlerts(IDatabase database, IOutbox<LedgerOutbox> outbox, TimeProvider time)
{
    /// <summary>True when this call told it; false when it was told before and is not over.</summary>
    public async Task<bool> Raise(string kind, string subject, Func<DateTimeOffset, object> message, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var raised = await database.Execute(connection,
            "insert into operator_alert (kind, subject, raised_at) values ($1, $2, $3) on conflict (kind, subject) do nothing", cancellationToken, kind, subject, now);
        if (raised == 0) return false;

        var id = DerivedId.Of("operator_alert", kind, subject, now.UtcTicks.ToString(CultureInfo.InvariantCulture));
        await outbox.Append(transaction, [new OutgoingMessage(id, message(now))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Notify();
        return true;
    }

    /// <summary>What is not wrong any more may be told again when it comes back.</summary>
    public async Task Clear(string kind, IReadOnlyCollection<string> stillWrong, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        var conditions = new Operators.Conditions().Add("kind = ?", kind);
        foreach (var subject in stillWrong) conditions.Add("subject <> ?", subject);
        await database.Execute(connection, $"delete from operator_alert where {conditions}", cancellationToken, conditions.Parameters);
    }
}
