namespace Billing.Demo.Stack;

/// <summary>Where a run keeps its files: a throw-away folder of its own.</summary>
sealed class RunFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-demo-");

    /// <summary>Set when somebody may want to look at the files.</summary>
    public bool Keep { get; set; }

    public string Path => _folder.FullName;

    public string DataFile => System.IO.Path.Combine(Path, "billing.db");

    public string LogFile => System.IO.Path.Combine(Path, "service.log");

    public string PaymentLogFile => System.IO.Path.Combine(Path, "payment-service.log");

    public string PaymentsFile => System.IO.Path.Combine(Path, "payments.jsonl");

    public string PublishedFile => System.IO.Path.Combine(Path, "published.csv");

    public void Dispose()
    {
        if (!Keep) _folder.Delete(recursive: true);
    }
}
