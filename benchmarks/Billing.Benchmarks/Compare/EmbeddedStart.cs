using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Billing.Contracts;

namespace Billing.Benchmarks.Compare;

/// <summary>From the start of the embedded service, on no file yet, to its first charged usage.</summary>
static class EmbeddedStart
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    public static async Task<Measured> Measure()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"embedded-{Guid.CreateVersion7():N}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}") };
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.Service.dll"), "--urls", http.BaseAddress.AbsoluteUri])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            Environment = { ["BILLING_POSTGRES"] = "", ["BILLING_POSTGRES_OWNER"] = "", ["BILLING_RABBITMQ"] = "", ["BILLING_REDIS"] = "" },
        };
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(command) ?? throw new InvalidOperationException("The service did not start.");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        try
        {
            while (!await Charges(http))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(started) > GiveUpAfter) throw new InvalidOperationException("The embedded service does not answer.");
                await Task.Delay(Look);
            }
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return new Measured { Latency = new Percentiles(took, took), Note = "from the process's start to the answer that the first usage is charged" };
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    static async Task<bool> Charges(HttpClient http)
    {
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            using var answer = await http.PostAsJsonAsync("/v1/usage", new UsageOccurred { UsageId = Guid.CreateVersion7(now), UserId = "first", Service = "search", Quantity = 1, OccurredAt = now });
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
