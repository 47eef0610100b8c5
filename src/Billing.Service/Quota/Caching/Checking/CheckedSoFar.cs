namespace Billing.Service.Quota.Caching.Checking;

/// <summary>Where the regular comparison goes on.</summary>
sealed class CheckedSoFar
{
    public long Next { get; set; }
}
