namespace Billing.Demo;

/// <summary>The demo cannot go on, for a reason that one sentence says.</summary>
sealed class DemoFailure(string message) : Exception(message);
