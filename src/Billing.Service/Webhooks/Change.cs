namespace Billing.Service.Webhooks;

/// <summary>What became of an act on a subscription.</summary>
enum Change
{
    /// <summary>It is done, and stands in the log of acts.</summary>
    Done,

    /// <summary>An act of its kind and id was there: nothing was done.</summary>
    Repeated,

    /// <summary>There is no such subscription, or no room for another.</summary>
    Impossible,
}
