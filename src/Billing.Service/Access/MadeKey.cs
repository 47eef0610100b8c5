using Billing.Service.Charging;

namespace Billing.Service.Access;

/// <summary>The answer to a wish for a key.</summary>
/// <param name="Key">The key, when there is one.</param>
/// <param name="Text">The whole of it, with its secret; absent for a repeat, since it is shown once.</param>
/// <param name="Refusal">Why there is none.</param>
public sealed record MadeKey(ApiKey? Key, KeyText? Text, Refusal? Refusal);
