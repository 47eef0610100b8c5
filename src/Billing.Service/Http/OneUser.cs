namespace Billing.Service.Http;

/// <summary>How an endpoint deals with a key that is bound to one user.</summary>
public enum OneUser
{
    /// <summary>It answers for many users at once, or for what is no user's: such a key does not open it.</summary>
    Refused,

    /// <summary>Nothing there is about users.</summary>
    Indifferent,

    /// <summary>The user in the path has to be the key's.</summary>
    InPath,

    /// <summary>Whose it is shows when it is found: the handler compares.</summary>
    InAnswer,
}
