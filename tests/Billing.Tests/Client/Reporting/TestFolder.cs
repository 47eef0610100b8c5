namespace Billing.Tests.Client.Reporting;

/// <summary>Where a gateway of a test keeps its usage.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("billing-spool-").FullName;

    public string[] Segments => [.. Directory.GetFiles(Path, "*.usages").Order(StringComparer.Ordinal)];

    public string[] Damaged => Directory.GetFiles(Path, "*.damaged");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
