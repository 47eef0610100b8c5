using System.Security.Cryptography;

namespace Billing.Service.Access;

/// <summary>A key with the hash of its secret. Not a record: the hash is nobody's to print.</summary>
public sealed class StoredKey(ApiKey key, byte[] secretHash)
{
    public ApiKey Key => key;

    /// <summary>In constant time: how long a wrong secret takes says nothing of the right one.</summary>
    public bool IsOpenedBy(KeyText text) => CryptographicOperations.FixedTimeEquals(secretHash, text.Hash()) && text.Scope == key.Scope;
}
