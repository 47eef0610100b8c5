namespace Billing.Client;

/// <summary>
/// There is no answer, or the request was wrong. That the funds do not cover a call is no exception but an answer, and so is that
/// something is not there, or was done before with other content.
/// </summary>
public sealed class BillingException : Exception
{
    public BillingException(string code, string? detail, Exception? inner = null) : base(TextOf(code, detail), inner) => Code = code;

    /// <summary>One of <see cref="ErrorCodes"/>, or of <see cref="ClientErrorCodes"/>; it never changes its meaning.</summary>
    public string Code { get; }

    /// <summary>The same request, with the same ids, may be answered in a moment; nothing is charged twice.</summary>
    public bool IsTransient => Code == ClientErrorCodes.NoAnswer || ErrorTable.Rows.TryGetValue(Code, out var row) && row.Status is 503 or 504 or 429;

    static string TextOf(string code, string? detail)
    {
        var (title, fix) = ClientErrorCodes.Explain(code);
        return detail is null ? $"{title}. {fix} ({code})" : $"{title}: {detail} {fix} ({code})";
    }
}
