namespace Billing.Tests.Client.Leases;

/// <summary>What another thread does by itself in a moment.</summary>
static class Soon
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    public static async Task<T> Comes<T>(Func<T?> look) where T : class =>
        (await TestSupport.Eventually.That(() => Task.FromResult(look()), found => found is not null, "it came to that", Within))!;

    public static async Task<T> Comes<T>(Func<T?> look) where T : struct =>
        (await TestSupport.Eventually.That(() => Task.FromResult(look()), found => found is not null, "it came to that", Within))!.Value;
}
