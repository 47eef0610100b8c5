using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Access;

/// <summary>Whether a key is needed: as configured, or from the first key on.</summary>
public sealed class KeyRequirement(IOptions<AccessOptions> options, KeyStore keys, ILedgerStore ledger, TimeProvider time)
{
    Look? _last;

    /// <summary>As far as this instance knows without asking the database.</summary>
    public bool IsKnownToApply => options.Value.RequireKeys ?? _last is { Found: true };

    public async ValueTask<bool> Applies(CancellationToken cancellationToken)
    {
        if (options.Value.RequireKeys is { } decided) return decided;
        if (_last is { } last && (last.Found || time.GetElapsedTime(last.At) < KeyRing.AgeMax)) return last.Found;
        try
        {
            var now = time.GetTimestamp();
            var found = await keys.Any(cancellationToken);
            _last = new Look(now, found);
            return found;
        }
        catch (Exception exception) when (ledger.Classify(exception) == FailureKind.Unavailable)
        {
            // Nobody can make the first key while the database is away. Never seen at all, it may hold one.
            return _last is null;
        }
    }

    sealed record Look(long At, bool Found);
}
