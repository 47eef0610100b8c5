namespace Billing.Service.Http;

static class NextPage
{
    /// <summary>The address of the next page as a link (RFC 8288), with the same filters.</summary>
    public static void Link(HttpContext context, PathUser user, string list, string? cursor) =>
        Link(context, $"/v1/accounts/{Uri.EscapeDataString(user.Value)}/{list}", cursor);

    public static void Link(HttpContext context, string path, string? cursor)
    {
        if (cursor is null) return;
        var query = context.Request.Query.Where(parameter => parameter.Key != "cursor").Append(new("cursor", cursor));
        context.Response.Headers.Link = $"<{path}{QueryString.Create(query)}>; rel=\"next\"";
    }
}
