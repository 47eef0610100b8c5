using Microsoft.AspNetCore.Http.Features;

namespace Billing.Service.Http;

/// <summary>
/// The user id in the path, decoded once. The web server leaves %2F as it is and decodes everything else, so that by its own
/// reading "a/b" sent as a%2Fb and "a%2Fb" sent as a%252Fb would be one user; the request line still tells them apart.
/// </summary>
readonly record struct PathUser(string Value)
{
    const int Segment = 3; // "", "v1", "accounts", the user

    public static ValueTask<PathUser> BindAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var segments = target.Split('?', 2)[0].Split('/');
        return ValueTask.FromResult(new PathUser(segments.Length > Segment ? Uri.UnescapeDataString(segments[Segment]) : ""));
    }
}
