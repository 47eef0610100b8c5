namespace Billing.Client.Requests;

/// <summary>One way to the service: a request goes in, its answer comes out, or a <see cref="BillingException"/> when there is none.</summary>
interface IRequestDoor
{
    Task<TResponse> Ask<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken) where TRequest : class where TResponse : class;
}
