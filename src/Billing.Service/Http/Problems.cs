namespace Billing.Service.Http;

/// <summary>Refusals as problem details (RFC 9457), with the stable code and what would be right.</summary>
static class Problems
{
    public static IResult Of(string code, string? detail = null)
    {
        var row = ErrorTable.Rows[code];
        return Results.Problem(
            type: $"/errors/{code}", title: row.Title, statusCode: row.Status, detail: detail,
            extensions: new Dictionary<string, object?> { ["code"] = code, ["fix"] = row.Fix, ["retryable"] = row.Status is 503 or 504 });
    }
}
