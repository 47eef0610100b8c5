namespace Billing.Demo.Stack;

/// <summary>Where a run keeps its files: a throw-away folder of its own. What a later run shall find goes to a folder that stays, if there is one.</summary>
sealed class RunFolder(string? data = null) : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-demo-");
    readonly DirectoryInfo? _data = data is null ? null : Directory.CreateDirectory(data);

    /// <summary>Set when somebody may want to look at the files.</summary>
    public bool Keep { get; set; }

    public string Path => _folder.FullName;

    /// <summary>The folder that stays.</summary>
    public string? DataPath => _data?.FullName;

    public string DataFile => System.IO.Path.Combine(DataPath ?? Path, "billing.db");

    /// <summary>Which recordings were replayed on these data.</summary>
    public string ReplayFile => System.IO.Path.Combine(DataPath ?? Path, "replay.json");

    /// <summary>The catalogue of the first start, when it is not the service's own.</summary>
    public string CatalogueFile => System.IO.Path.Combine(Path, "catalogue.json");

    public string LogFile => LogFileOf(1);

    /// <summary>Where the usage of a gateway waits while its way is closed.</summary>
    public string GatewayFolder(int number) => System.IO.Path.Combine(Path, $"gateway-{number}");

    /// <summary>The log of one instance of the service.</summary>
    public string LogFileOf(int number) => System.IO.Path.Combine(Path, number == 1 ? "service.log" : $"service-{number}.log");

    public string PaymentLogFile => System.IO.Path.Combine(Path, "payment-service.log");

    public string PaymentsFile => System.IO.Path.Combine(Path, "payments.jsonl");

    public string PublishedFile => System.IO.Path.Combine(Path, "published.csv");

    public void Dispose()
    {
        if (!Keep) _folder.Delete(recursive: true);
    }
}
