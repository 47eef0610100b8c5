namespace Billing.FaultTests.Harness;

/// <summary>When a test runs. Without a mark: each time. The long schedule is for <c>./test.sh faults</c>.</summary>
static class Schedules
{
    public const string Trait = "Schedule";
    public const string Long = "long";
}
