namespace Billing.Demo.Payments.Scripting;

/// <summary>One thing that happens to a payment.</summary>
/// <param name="At">When; not before the act before it.</param>
/// <param name="What">What is told of it.</param>
/// <param name="Told">How often it is told at once. Zero: not until somebody asks.</param>
public sealed record Act(DateTimeOffset At, Notice What, int Told = 1);
