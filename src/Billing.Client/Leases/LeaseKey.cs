namespace Billing.Client.Leases;

/// <summary>What a lease is for. Looked up as it is: no text is put together for it.</summary>
readonly record struct LeaseKey(string UserId, string Service)
{
    public bool Equals(LeaseKey other) => string.Equals(UserId, other.UserId) && string.Equals(Service, other.Service);

    public override int GetHashCode() => HashCode.Combine(UserId.GetHashCode(), Service.GetHashCode());
}
