using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Billing.Service.Http;

/// <summary>The verbs <c>jobs</c> and <c>job NAME</c>: what runs by the clock in a running service, and a run by hand that is waited for.</summary>
static class JobsCommand
{
    const int Done = 0;
    const int NotDone = 1;
    const int WrongUsage = 2;
    const int Unreachable = 4;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command BuildList()
    {
        var url = Url();
        var command = new Command("jobs", "List the jobs of a running service: exit code 0 listed, 1 refused, 4 no answer. BILLING_API_KEY has the admin's key, where keys are needed.") { url };
        command.SetAction((parsed, cancellationToken) => Ask(parsed.GetRequiredValue(url), client => List(client, cancellationToken)));
        return command;
    }

    public static Command BuildRun()
    {
        var name = new Argument<string>("NAME") { Description = "A job's name, as `jobs` lists it." };
        var url = Url();
        var command = new Command("job", "Run a job now and wait for its end: exit code 0 done, 1 failed or refused, 4 no answer. BILLING_API_KEY has the admin's key, where keys are needed.") { name, url };
        command.SetAction((parsed, cancellationToken) => Ask(parsed.GetRequiredValue(url), client => Run(client, parsed.GetRequiredValue(name), cancellationToken)));
        return command;
    }

    public static bool IsWrongUsage(ParseResult parsed) => parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0;

    public static int Refuse(ParseResult parsed)
    {
        var verb = parsed.CommandResult.Command.Name;
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"{verb}: {error.Message}");
        foreach (var token in parsed.UnmatchedTokens) Console.Error.WriteLine($"{verb}: {token} is no option of it.");
        Console.Error.WriteLine(verb == "job" ? "usage: job NAME [--url URL]" : "usage: jobs [--url URL]");
        return WrongUsage;
    }

    static Option<Uri> Url() => new("--url")
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

    static async Task<int> Ask(Uri url, Func<HttpClient, Task<int>> ask)
    {
        using var client = new HttpClient { BaseAddress = url, Timeout = Patience };
        if (Environment.GetEnvironmentVariable("BILLING_API_KEY") is { Length: > 0 } key) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            return await ask(client);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
        {
            Console.Error.WriteLine($"{url} does not answer as the service does: {exception.Message}");
            return Unreachable;
        }
    }

    static async Task<int> List(HttpClient client, CancellationToken cancellationToken)
    {
        var (body, problem) = await Read(await client.GetAsync("/v1/jobs", cancellationToken), cancellationToken);
        if (problem is { } code) return code;
        foreach (var job in body["items"]!.AsArray())
            Console.Out.WriteLine($"{(string)job!["name"]!,-20} {(string)job["when"]!,-16} {(job["last"] is { } last ? Told(last) : "never ran")}");
        return Done;
    }

    static async Task<int> Run(HttpClient client, string name, CancellationToken cancellationToken)
    {
        var path = $"/v1/jobs/{Uri.EscapeDataString(name)}";
        var (begun, problem) = await Read(await client.PostAsync($"{path}/run", content: null, cancellationToken), cancellationToken);
        if (problem is { } refused) return refused;

        while (true)
        {
            var (job, lost) = await Read(await client.GetAsync(path, cancellationToken), cancellationToken);
            if (lost is { } code) return code;
            if (Ended(job, (string)begun["runId"]!) is { } run)
            {
                Console.Out.WriteLine($"{name}: {Told(run)}");
                return (string)run["result"]! == Jobs.JobRun.Done ? Done : NotDone;
            }
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    /// <summary>The run, once it has a result. A later one may have followed it already: then this one, if it did nothing, has left no row.</summary>
    static JsonNode? Ended(JsonNode job, string runId)
    {
        var last = job["last"]!;
        if ((string)last["runId"]! == runId) return last["result"] is null ? null : last;
        return job["runs"]!.AsArray().FirstOrDefault(run => (string)run!["runId"]! == runId) ?? new JsonObject { ["startedAt"] = last["startedAt"]!.DeepClone(), ["result"] = Jobs.JobRun.Done, ["rows"] = 0 };
    }

    static string Told(JsonNode run) =>
        $"{(string)run["startedAt"]!}  {(string?)run["result"] ?? "is running"}  {(long)run["rows"]!} rows  {(string?)run["detail"]}".TrimEnd();

    static async Task<(JsonNode Body, int? Problem)> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            if (response.IsSuccessStatusCode) return (body, null);
            Console.Error.WriteLine($"{(int)response.StatusCode} {(string?)body["code"]}: {(string?)body["detail"] ?? (string?)body["title"]}");
            return (body, NotDone);
        }
    }
}
