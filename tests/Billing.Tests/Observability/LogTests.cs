using System.Text.Json;
using Billing.TestSupport;
using Billing.Tests.Http;

namespace Billing.Tests.Observability;

public sealed class LogTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-logs-");

    [Fact]
    public async Task No_secret_is_ever_logged_whatever_the_level()
    {
        const string RabbitMq = "rabbit-top-secret", Redis = "redis-top-secret", Wrong = "bk_live_wrongkey_top-secret";
        await using (var service = await Start($"--BILLING_RABBITMQ=amqp://somebody:{RabbitMq}@127.0.0.1:9/none", $"--BILLING_REDIS=127.0.0.1:9,password={Redis}", "--Serilog:MinimumLevel:Override:Microsoft=Verbose", "--Serilog:MinimumLevel:Override:MassTransit=Verbose"))
        {
            service.Client.DefaultRequestHeaders.Authorization = new("Bearer", Wrong);
            await service.Post("/v1/usage", service.Usage());
            await service.Get("/v1/accounts/ann/quota?service=search");
            await service.Get("/health/ready");
            await Eventually.That(() => Task.FromResult(Written()), text => text.Contains("Waiting for the broker"), "the broker is missed");
        }

        var log = Written();
        Assert.Contains("batch of", log);
        Assert.All([RabbitMq, Redis, Wrong, "top-secret"], secret => Assert.DoesNotContain(secret, log));
    }

    [Fact]
    public async Task A_file_has_an_event_a_line()
    {
        await using (var service = await Start()) await service.Post("/v1/usage", Enumerable.Range(0, 20).Select(_ => service.Usage()));

        var batches = Events("{Urgency} batch");
        // A line a batch, and not a line a usage.
        Assert.Equal(20, batches.Sum(batch => batch.GetProperty("OperationCount").GetInt32()));
        Assert.InRange(batches.Count, 1, 4);
    }

    [Fact]
    public async Task What_was_rejected_is_counted_by_code_in_properties_that_a_program_can_read()
    {
        await using (var service = await Start()) await service.Post("/v1/usage", Enumerable.Range(0, 20).Select(i => service.Usage(service: i < 12 ? "nothing" : "search")));

        var told = Events("Rejected ");
        Assert.InRange(told.Count, 1, 4);
        Assert.Equal(12, told.Sum(line => line.GetProperty("RejectedByCode").GetProperty(ErrorCodes.UnknownService).GetInt32()));
        Assert.All(told, line => Assert.InRange(line.GetProperty("UsageIds").GetArrayLength(), 1, 5));
    }

    [Fact]
    public async Task A_format_that_nobody_knows_is_refused_at_start() =>
        Assert.Contains("Log__Format", (await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.Start("--Log:Format=xml"))).Message);

    public void Dispose() => _folder.Delete(recursive: true);

    Task<RunningService> Start(params string[] settings) =>
        RunningService.Start([$"--Log:File={Path.Combine(_folder.FullName, "billing-.log")}", "--Serilog:MinimumLevel:Default=Debug", .. settings]);

    List<JsonElement> Events(string template) =>
    [
        .. Written().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.GetProperty("MessageTemplate").GetString()!.StartsWith(template, StringComparison.Ordinal)).Select(entry => entry.GetProperty("Properties")),
    ];

    // The files are still open for writing.
    string Written() => string.Concat(_folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file =>
    {
        using var reader = new StreamReader(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }));
}
