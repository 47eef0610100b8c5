using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Http;

/// <summary>The real service, embedded: its own SQLite file in a folder of its own, the in-memory broker, a free port.</summary>
sealed class RunningService : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly string _folder;
    readonly bool _ownsFolder;

    RunningService(WebApplication app, string folder, bool ownsFolder)
    {
        (_app, _folder, _ownsFolder) = (app, folder, ownsFolder);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }
    public IServiceProvider Services => _app.Services;
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<RunningService> Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("billing-test-").FullName;
        return await Start(folder, ownsFolder: true, settings);
    }

    public static async Task<RunningService> Start(string folder, bool ownsFolder, params string[] settings)
    {
        var app = await TestService.Build([
            "--urls", "http://127.0.0.1:0", $"--Billing:DataFile={Path.Combine(folder, "billing.db")}",
            "--BILLING_POSTGRES=", "--BILLING_RABBITMQ=", "--BILLING_REDIS=", "--Serilog:MinimumLevel:Default=Fatal", "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Fatal", .. settings]);
        try
        {
            await app.StartAsync();
            return new RunningService(app, folder, ownsFolder);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task<(int Status, JsonNode? Body)> Post(string path, object body)
    {
        using var content = Content(body);
        using var response = await Client.PostAsync(path, content);
        return await Answer(response);
    }

    public async Task<(int Status, JsonNode? Body)> Get(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answer(response);
    }

    public async Task<(int Status, JsonNode? Body)> Put(string path, object? body = null)
    {
        using HttpContent? content = body is null ? null : Content(body);
        using var response = await Client.PutAsync(path, content);
        return await Answer(response);
    }

    public Task<(int Status, JsonNode? Body)> Adjust(string user, string amount, Guid? id = null) =>
        Post($"/v1/accounts/{user}/adjustments", new { adjustmentId = id ?? Guid.CreateVersion7(Now), amount, actor = "eve", reason = "test" });

    public async Task<string> Balance(string user) => (string)(await Get($"/v1/accounts/{user}")).Body!["balance"]!;

    public UsageOccurred Usage(string service = "search", long quantity = 1, string user = "ann", string? cost = null, Guid? id = null) => new()
    {
        UsageId = id ?? Guid.CreateVersion7(Now),
        UserId = user,
        Service = service,
        Quantity = quantity,
        Cost = cost is null ? null : Money.Parse(cost),
        OccurredAt = Now,
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (!_ownsFolder) return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    static HttpContent Content(object body) =>
        body is string json ? new StringContent(json, Encoding.UTF8, "application/json") : JsonContent.Create(body, options: JsonSerializerOptions.Web);

    static async Task<(int Status, JsonNode? Body)> Answer(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
