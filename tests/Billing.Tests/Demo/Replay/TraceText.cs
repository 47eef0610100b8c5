using Billing.Contracts;
using Billing.Demo.Replay;

namespace Billing.Tests.Demo.Replay;

/// <summary>A recording that a test wrote, in a folder of its own.</summary>
sealed class TraceText : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-replay-");

    public TraceText(byte[] content, string name = "trace")
    {
        File = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllBytes(File, content);
    }

    public TraceText(string content, string name = "trace") : this(System.Text.Encoding.UTF8.GetBytes(content), name)
    {
    }

    public string File { get; }

    public string Folder => _folder.FullName;

    public ReplayOptions Options => OptionsOf(File);

    public static ReplayOptions OptionsOf(string file) => new()
    {
        File = file, Speed = null, Anchor = null, Prices = new TokenPrices(Money.Parse("3.00"), Money.Parse("15.00")), Users = 10, Seed = 42,
    };

    public TraceFile Open() => TraceFile.Open(Options);

    public void Dispose() => _folder.Delete(recursive: true);
}
