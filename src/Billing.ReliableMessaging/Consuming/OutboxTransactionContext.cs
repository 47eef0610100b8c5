using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging;

/// <summary>A payload that says: a transaction is open on this context, which a repository further down the pipe joins.</summary>
public interface OutboxTransactionContext
{
    DbContext DbContext { get; }
}
