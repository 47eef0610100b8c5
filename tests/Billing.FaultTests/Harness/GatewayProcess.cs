using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Billing.FaultTests.Harness;

/// <summary>A gateway with the client library in it, as a process to be killed. Several one after the other are one gateway that starts again.</summary>
sealed class GatewayProcess : IAsyncDisposable
{
    const int Sigterm = 15;
    static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);
    static readonly string Program = typeof(GatewayProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "GatewayProgram").Value!;

    readonly string _folder;
    readonly Process _process;
    readonly ConcurrentQueue<string> _log = [];

    public GatewayProcess(string folder, Uri broker, string durability, params (string Name, string Value)[] settings)
    {
        _folder = folder;
        var command = new ProcessStartInfo("dotnet", [Program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["Billing__Address"] = broker.AbsoluteUri,
            ["Billing__Reporter__Directory"] = Path.Combine(folder, "gateway"),
            ["Billing__Reporter__Durability"] = durability,
            ["GATEWAY_NOTEBOOK"] = NotebookPath,
        }) command.Environment[name] = value;
        foreach (var (name, value) in settings) command.Environment[name] = value;
        _process = Process.Start(command)!;
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IEnumerable<string> Log => _log;

    /// <summary>Bytes of usage that wait on its disk.</summary>
    public long Spooled => Directory.GetFiles(Path.Combine(_folder, "gateway"), "*.usages").Sum(file => new FileInfo(file).Length);

    string NotebookPath => Path.Combine(_folder, "notebook.csv");

    /// <summary>What it was about to report, and what it was told is taken, with a moment before the report.</summary>
    public (Dictionary<Guid, SentUsage> Sent, Dictionary<Guid, DateTimeOffset> Taken) ReadNotebook()
    {
        using var file = new StreamReader(new FileStream(NotebookPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var (sent, taken) = (new Dictionary<Guid, SentUsage>(), new Dictionary<Guid, DateTimeOffset>());
        // What follows the last line's end was cut off when it was killed.
        foreach (var line in file.ReadToEnd().Split('\n')[..^1])
        {
            var fields = line.Split(',');
            var id = Guid.Parse(fields[1]);
            if (fields[0] == "s") sent.Add(id, new SentUsage(id, fields[2], fields[3], long.Parse(fields[4], CultureInfo.InvariantCulture), null, Instant(fields[6])));
            else taken.Add(id, Instant(fields[2]));
        }
        return (sent, taken);
    }

    /// <summary>Returns once so many more reports have been taken.</summary>
    public async Task Taken(int more)
    {
        var goal = Count() + more;
        await Eventually.That($"{goal} reports are taken", Count, count => count >= goal, TakenWithin);

        int Count() => File.Exists(NotebookPath) ? ReadNotebook().Taken.Count : 0;
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code it ends with.</summary>
    public async Task<int> Terminate()
    {
        _ = SendSignal(_process.Id, Sigterm);
        using var deadline = new CancellationTokenSource(EndsWithin);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _log.Enqueue(line.Data);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int SendSignal(int pid, int signal);
}
