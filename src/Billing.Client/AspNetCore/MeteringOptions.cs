using Microsoft.AspNetCore.Http;

namespace Billing.Client;

/// <summary>How calls are metered by <see cref="BillingEndpoints.UseBilling"/>.</summary>
public sealed class MeteringOptions
{
    const string SubjectClaim = "sub";

    /// <summary>
    /// Who pays; nothing is answered with 401, never charged to somebody else. By default the claim "sub" of the signed-in user: where
    /// the authentication renames claims, set its MapInboundClaims to false.
    /// </summary>
    public Func<HttpContext, string?> User { get; set; } = static context => context.User.Identity is { IsAuthenticated: true } ? context.User.FindFirst(SubjectClaim)?.Value : null;

    /// <summary>Calls that cost nothing whatever they used; by default those answered with a status of 400 and more.</summary>
    public Func<HttpContext, bool> IsFree { get; set; } = static context => context.Response.StatusCode >= StatusCodes.Status400BadRequest;
}
