using System.CommandLine;

namespace Billing.Service.Http;

/// <summary>The verb <c>health</c>: asks a running instance whether it is ready, for container health checks that have no curl.</summary>
static class HealthCommand
{
    const int Ready = 0;
    const int NotReady = 1;
    const int Unreachable = 4;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Command Build()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "The instance to ask.",
            DefaultValueFactory = _ => new Uri("http://localhost:5080"),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address)) return address;
                result.AddError($"--url is '{result.Tokens[0].Value}'; send an address such as http://localhost:5080.");
                return null;
            },
        };
        var command = new Command("health", "Ask a running instance: exit code 0 ready, 1 not ready, 4 no answer.") { url };
        command.SetAction((parsed, cancellationToken) => Ask(parsed.GetRequiredValue(url), cancellationToken));
        return command;
    }

    static async Task<int> Ask(Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = url, Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync("/health/ready", cancellationToken);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? Ready : NotReady;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"health: {url} does not answer: {exception.Message}");
            return Unreachable;
        }
    }
}
