namespace Billing.Service.Http;

/// <summary>Refusals as problem details (RFC 9457), with the stable code and what would be right.</summary>
static class Problems
{
    /// <param name="more">What the code alone does not say, such as how much would have been covered.</param>
    public static IResult Of(string code, string? detail = null, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var row = ErrorTable.Rows[code];
        var extensions = new Dictionary<string, object?> { ["code"] = code, ["fix"] = row.Fix, ["retryable"] = row.Status is 429 or 503 or 504 };
        foreach (var (name, value) in more) extensions[name] = value;
        return Results.Problem(type: $"/errors/{code}", title: row.Title, statusCode: row.Status, detail: detail, extensions: extensions);
    }

    /// <summary>Problem details that have the whole answer as well, as it would have come over the broker.</summary>
    public static IResult Refusal(string code, string? detail, object answer, params ReadOnlySpan<(string Name, object? Value)> more) => Of(code, detail, [("answer", answer), .. more]);
}
