namespace Billing.Contracts;

/// <summary>What does one service cost? Answered by <see cref="ServiceStatus"/>.</summary>
public sealed record GetService
{
    public required string Service { get; init; }
}
