using Billing.Service.Charging;

namespace Billing.Service.Access;

/// <summary>The answer to a revocation.</summary>
/// <param name="Duplicate">It was revoked before.</param>
public sealed record RevokedKey(ApiKey? Key, bool Duplicate, Refusal? Refusal);
