namespace Billing.Client;

/// <summary>What only the caller's side can tell; beside <see cref="ErrorCodes"/>.</summary>
public static class ClientErrorCodes
{
    /// <summary>Neither the service nor the broker answered in time: the request may have been done or not.</summary>
    public const string NoAnswer = "no_answer";

    /// <summary>The broker or the service does not let this user or key do that.</summary>
    public const string NotLetIn = "not_let_in";

    /// <summary>The answer cannot be read: its sender is another program, or a newer version.</summary>
    public const string UnreadableAnswer = "unreadable_answer";

    /// <summary>The request made the service fail, and was not answered.</summary>
    public const string ServiceFault = "service_fault";

    internal static (string Title, string Fix) Explain(string code) => code switch
    {
        NoAnswer => ("The billing service did not answer", "Repeat with the same ids; nothing is charged twice."),
        NotLetIn => ("Not let in", "Check the user and password, or the API key and its scope."),
        UnreadableAnswer => ("The answer cannot be read", "Check that the address is the billing service's, and update this library."),
        ServiceFault => ("The billing service failed", "Its operators see why in its log."),
        _ when ErrorTable.Rows.TryGetValue(code, out var row) => (row.Title, row.Fix),
        _ => ("The request was refused", "Update this library to know the code."),
    };
}
