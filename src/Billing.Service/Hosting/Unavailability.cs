using Billing.Service.Batching;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>Tells what may work in a moment, as it is, from what never can.</summary>
static class Unavailability
{
    /// <param name="classify">The database's word on its own exceptions.</param>
    public static bool Explains(Exception? exception, Func<Exception, FailureKind> classify) => exception switch
    {
        null => false,
        // MassTransit's own word for a handler that was cancelled, as at a stop or when the connection was lost, is no OperationCanceledException.
        LedgerUnavailableException or OperationCanceledException or ConsumerCanceledException or ObjectDisposedException => true,
        _ => classify(exception) is FailureKind.Unavailable or FailureKind.Conflict || Explains(exception.InnerException, classify),
    };
}
