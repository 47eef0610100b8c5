namespace Billing.Service.Batching;

/// <summary>Whether a piece of work may be taken now.</summary>
enum Turn
{
    Take,

    /// <summary>Another lane has the account.</summary>
    Wait,

    /// <summary>The account is free, but another lane goes first.</summary>
    GiveWay,
}
