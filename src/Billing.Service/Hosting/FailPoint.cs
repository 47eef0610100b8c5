using System.Diagnostics;

namespace Billing.Service.Hosting;

/// <summary>
/// Ends the process, as SIGKILL does, at a crash point of docs/flow.md or docs/retention.md: <c>BILLING_FAILPOINT=after_commit:3</c> at its third
/// passing. Only where <c>ASPNETCORE_ENVIRONMENT</c> is <c>Test</c>.
/// </summary>
public static class FailPoint
{
    public const string BeforeTransaction = "before_transaction";
    public const string BeforeCommit = "before_commit";
    public const string AmidCommit = "amid_commit";
    public const string AfterCommit = "after_commit";
    public const string AfterAck = "after_ack";
    public const string BeforeRechargeCommit = "before_recharge_commit";
    public const string AfterRechargeCommit = "after_recharge_commit";
    public const string AfterDelivery = "after_delivery";
    public const string AfterLetIn = "after_let_in";
    public const string BeforeWebhookRows = "before_webhook_rows";
    public const string AfterWebhookRows = "after_webhook_rows";
    public const string BeforeWebhook = "before_webhook";
    public const string AfterWebhook = "after_webhook";
    public const string BeforeRecordsFold = "before_records_fold";
    public const string AfterRecordsFold = "after_records_fold";
    public const string BeforeDayDrop = "before_day_drop";
    public const string AfterDayDrop = "after_day_drop";

    static readonly (string Name, int Passing) Armed = Read();
    static int _passings;

    public static bool IsArmed(string name) => Armed.Name == name;

    public static void Reach(string name)
    {
        if (Armed.Name != name || Interlocked.Increment(ref _passings) != Armed.Passing) return;

        Console.Error.WriteLine($"fail point {name}: ending the process");
        Process.GetCurrentProcess().Kill();
    }

    static (string, int) Read()
    {
        if (Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") != "Test") return ("", 0);
        if (Environment.GetEnvironmentVariable("BILLING_FAILPOINT")?.Split(':') is not [var name, var passing]) return ("", 0);
        return (name, int.Parse(passing));
    }
}
