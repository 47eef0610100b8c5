using System.Net.Http.Headers;
using System.Text;
using Billing.Service.Access;
using Billing.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Http;

/// <summary>A service that needs keys from the start, everything that it logs in a file, and a key of each scope.</summary>
public sealed class KeyedService : IAsyncLifetime
{
    readonly string _log = Path.Combine(Path.GetTempPath(), $"billing-log-{Ids.WithTime():N}.txt");
    readonly Dictionary<KeyScope, string> _keys = [];

    internal RunningService Running { get; private set; } = null!;

    /// <summary>Every key text that was given out.</summary>
    internal List<string> Texts { get; } = [];

    public async Task InitializeAsync()
    {
        Running = await RunningService.Start("--Http:RequireKeys=true", "--Serilog:MinimumLevel:Default=Verbose", "--Serilog:MinimumLevel:Override:Microsoft=Verbose",
            "--Serilog:WriteTo:0:Name=File", $"--Serilog:WriteTo:0:Args:path={_log}", "--Serilog:WriteTo:0:Args:shared=true");
        foreach (var scope in Enum.GetValues<KeyScope>()) _keys[scope] = (await Make(scope)).Reveal();
    }

    public async Task DisposeAsync()
    {
        await Running.DisposeAsync();
        File.Delete(_log);
    }

    internal string KeyOf(KeyScope scope) => _keys[scope];

    internal async Task<KeyText> Make(KeyScope scope, string? user = null)
    {
        var made = await Running.Services.GetRequiredService<ApiKeys>().Make(
            new IncomingKey { OperationId = Ids.WithTime(), Name = "a test's", Scope = scope.Name(), UserId = user, Actor = "adam", Reason = "a test" }, default);
        Texts.Add(made.Text!.Reveal());
        return made.Text;
    }

    internal async Task<HttpResponseMessage> Send(string method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (method is "POST" or "PUT") request.Content = new StringContent(body ?? "{}", Encoding.UTF8, "application/json");
        return await Running.Client.SendAsync(request);
    }

    internal async Task<string> Log()
    {
        await using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }
}
