namespace Billing.Client.Reporting.Doors;

/// <summary>The message did not get through.</summary>
/// <param name="message">Why, for the log.</param>
/// <param name="isRefusal">Nobody but a person can change it: the user or key is not let in.</param>
/// <param name="inner">What the library said.</param>
sealed class DoorException(string message, bool isRefusal = false, Exception? inner = null) : Exception(message, inner)
{
    public bool IsRefusal { get; } = isRefusal;
}
