using Billing.Contracts;

namespace Billing.Demo.Partner;

/// <summary>How a partner makes an account ready. Throws when there was no answer; asked again, nothing happens twice.</summary>
interface IKeyDoor : IAsyncDisposable
{
    Task<AccountStatus> Initialize(string user, CancellationToken cancellationToken);
}
