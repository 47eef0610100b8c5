namespace Billing.Client;

/// <summary>This usage could never be charged, and was not taken.</summary>
public sealed class InvalidUsageException(string code, string detail) : ArgumentException($"{detail} ({code})")
{
    /// <summary>One of <see cref="ErrorCodes"/>, the one that the service would have answered with.</summary>
    public string Code { get; } = code;
}
