using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Billing.Demo.Payments.Journaling;

namespace Billing.TestSupport.Payments;

/// <summary>
/// The demo's payment service as a process of its own: a partner that knows of the billing service what docs/payments.md says. It can be
/// killed and started again; its journal stays.
/// </summary>
public sealed class PaymentServiceProcess : IAsyncDisposable
{
    const int Sigterm = 15;
    static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(20);

    readonly Uri _broker;
    readonly string[] _options;
    readonly string _folder = Directory.CreateTempSubdirectory("payment-service-").FullName;
    readonly ConcurrentQueue<string> _output = [];
    Process? _process;

    PaymentServiceProcess(Uri broker, string[] options) => (_broker, _options) = (broker, options);

    /// <summary>What it did, in order.</summary>
    public IReadOnlyList<JournalLine> Journal => Demo.Payments.Journaling.Journal.Read(JournalFile);

    string JournalFile => Path.Combine(_folder, "payments.jsonl");

    /// <summary>Returns when it is ready.</summary>
    /// <param name="broker">The virtual host, as the user <c>payment-service</c>.</param>
    /// <param name="options">Further options, such as <c>--pay-after 100</c>.</param>
    public static async Task<PaymentServiceProcess> Start(Uri broker, params string[] options)
    {
        var service = new PaymentServiceProcess(broker, options);
        try
        {
            await service.Start();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async Task Start()
    {
        _output.Clear();
        var program = Path.Combine(AppContext.BaseDirectory, "Billing.Demo.PaymentService.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, "--broker", _broker.AbsoluteUri, "--journal", JournalFile, .. _options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.That(() => Task.FromResult(string.Join('\n', _output)), output =>
        {
            Assert.False(_process.HasExited, $"The payment service ended while starting: {output}");
            return output.Contains("ready", StringComparison.Ordinal);
        }, "the payment service is ready");
    }

    /// <summary>SIGKILL: whatever it was about to do is not done.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Once nothing more will happen to a recharge's payment by itself.</summary>
    public Task WaitUntilFinished(Guid rechargeId) => Eventually.That(
        () => Task.FromResult(Journal.Any(line => line.RechargeId == rechargeId && line.What == JournalLine.Finished)), finished => finished,
        $"the payment of recharge {rechargeId} is at its end; the payment service says: {string.Join('\n', _output)}");

    /// <summary>Asks it to end; the exit code.</summary>
    public async Task<int> Terminate()
    {
        _ = SendSignal(_process!.Id, Sigterm);
        await _process.WaitForExitAsync().WaitAsync(EndedWithin);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _output.Enqueue(line.Data);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int SendSignal(int pid, int signal);
}
