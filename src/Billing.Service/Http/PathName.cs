using Microsoft.AspNetCore.Http.Features;

namespace Billing.Service.Http;

/// <summary>
/// The name in the path, decoded once. The web server leaves %2F as it is and decodes everything else, so that by its own
/// reading "a/b" sent as a%2Fb and "a%2Fb" sent as a%252Fb would be one user; the request line still tells them apart.
/// </summary>
static class PathName
{
    const int Segment = 3; // "", "v1", "accounts" or "services", the name

    public static string Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var segments = target.Split('?', 2)[0].Split('/');
        // "/v1/accounts/ann/../bob" is routed as bob's; an absolute target has its segments elsewhere. Neither names anybody here.
        var isPlain = target.StartsWith('/') && !segments.Any(segment => Uri.UnescapeDataString(segment) is "." or "..");
        return isPlain && segments.Length > Segment ? Uri.UnescapeDataString(segments[Segment]) : "";
    }
}
