namespace Billing.Service.Access;

/// <summary>Who may come in over HTTP. Bound from the configuration section <c>Http</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Http";

    /// <summary>
    /// True: a key is needed from the start, and any address may be listened on. False: never, on loopback only.
    /// Absent: on loopback only, and a key is needed as soon as there has ever been one.
    /// </summary>
    public bool? RequireKeys { get; set; }
}
