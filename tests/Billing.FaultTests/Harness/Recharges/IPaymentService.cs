namespace Billing.FaultTests.Harness.Recharges;

/// <summary>A payment service that answers every order with a payment, and tells of its success twice.</summary>
interface IPaymentService : IAsyncDisposable
{
    /// <summary>Payments that succeeded, by recharge.</summary>
    IReadOnlyDictionary<Guid, string> Succeeded { get; }
}
