namespace Billing.Service.Http;

/// <summary>
/// While loopback is the only lock, a web page open on this machine must not get past it: browsers say where a request comes from
/// (Fetch Metadata, and Origin), and a name that was rebound to 127.0.0.1 is not one of ours.
/// </summary>
static class OwnCallersOnly
{
    static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        if (!Loopback.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return Problems.Of(ErrorCodes.ForeignCaller, $"'{context.Request.Host.Host}' is no name of this service; call it as localhost.").ExecuteAsync(context);
        if (IsForeign(context.Request)) return Problems.Of(ErrorCodes.ForeignCaller, "The request comes from another web page.").ExecuteAsync(context);
        return next(context);
    }

    static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none")) return true;
        var origin = request.Headers.Origin.ToString();
        return origin != "" && origin != $"{request.Scheme}://{request.Host}";
    }
}
