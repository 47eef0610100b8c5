using Billing.Contracts;

namespace Billing.Demo.Gateway;

/// <summary>One way to ask before a call. Throws when there was no answer; asked again with the same id, nothing is charged twice.</summary>
interface IQuotaDoor : IAsyncDisposable
{
    Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken);

    Task<QuotaDeduction> Deduct(DeductQuota request, CancellationToken cancellationToken);
}
