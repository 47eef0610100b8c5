using Billing.Demo.Stack;

namespace Billing.Demo.Summary;

/// <summary>What the service's `verify-cache` command says: whether Redis agrees with the database.</summary>
sealed record CacheResult(bool Agrees, IReadOnlyList<string> Lines)
{
    /// <summary>Null where the cache is inside the service, and gone with it.</summary>
    public static async Task<CacheResult?> Of(IStack stack)
    {
        if (stack.CommandEnvironment.GetValueOrDefault("BILLING_REDIS") is not { Length: > 0 }) return null;
        var (exitCode, lines) = await ServiceCommand.Run(stack.CommandEnvironment, "verify-cache");
        return new CacheResult(exitCode == 0, lines);
    }
}
