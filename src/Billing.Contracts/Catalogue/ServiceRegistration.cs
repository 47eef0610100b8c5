namespace Billing.Contracts;

/// <summary>The answer to <see cref="RegisterService"/>, given after the commit.</summary>
public sealed record ServiceRegistration
{
    public required Guid OperationId { get; init; }
    public required string Service { get; init; }

    /// <summary>Whether this request put the service on sale.</summary>
    public required bool Registered { get; init; }

    /// <summary>Whether it was on sale already, registered with the same content.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }
}
