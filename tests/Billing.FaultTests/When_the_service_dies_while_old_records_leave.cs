using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>
/// At U and V of docs/retention.md, while a day is carried forward, and at W and X, while it is dropped: the audit holds at once, each
/// balance is what it was, and the next run ends what was begun.
/// </summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_while_old_records_leave(PrivateServers servers, ITestOutputHelper output)
{
    const int Days = 200;
    const int Users = 30;
    const int RequestUsages = 500;
    const string HeavyUser = "user0";

    // The turn of the run that died is held for a minute.
    static readonly TimeSpan TurnFreeWithin = TimeSpan.FromSeconds(120);
    static readonly TimeSpan RunWithin = TimeSpan.FromSeconds(60);
    static readonly (string, string)[] Settings = [("Retention__RecordsKeepMonths", "3"), ("Retention__RetireAt", ""), ("Alerts__AuditAt", "")];

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public Task Between_two_folds_of_a_day_both_count_once() => What_was_carried_forward_stays_and_the_rest_follows("before_records_fold:2");

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public Task Between_two_folds_of_a_day_both_count_once_in_the_embedded_default() => What_was_carried_forward_stays_and_the_rest_follows_in_the_embedded_default("after_records_fold:1");

    [Theory]
    [Trait(Schedules.Trait, Schedules.Long)]
    [InlineData("before_records_fold:1")]
    [InlineData("after_records_fold:1")]
    [InlineData("after_records_fold:2")]
    public async Task What_was_carried_forward_stays_and_the_rest_follows(string crashPoint)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAt(stack, crashPoint);
    }

    [Theory]
    [Trait(Schedules.Trait, Schedules.Long)]
    [InlineData("before_records_fold:1")]
    [InlineData("before_records_fold:3")]
    [InlineData("after_records_fold:3")]
    public async Task What_was_carried_forward_stays_and_the_rest_follows_in_the_embedded_default(string crashPoint)
    {
        await using var stack = new EmbeddedStack(output);
        await DieAt(stack, crashPoint);
    }

    [Theory]
    [Trait(Schedules.Trait, Schedules.Long)]
    [InlineData("before_day_drop:1")]
    [InlineData("after_day_drop:1")]
    public async Task An_empty_day_is_dropped_in_the_end(string crashPoint)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService(crashPoint, settings: Settings).Ready();
        var balances = await ChargeLongAgo(stack);
        await Run(stack, "retire-records");
        await stack.LetAnHourPass();

        await DieInRun(stack);
        await stack.CheckAudit();

        await stack.Restart(settings: Settings);
        await Run(stack, "retire-records");
        Assert.Equal(0, await stack.EmptyDaysLeft());
        Assert.Equal(balances, await Balances(stack));
        await stack.CheckAudit();
    }

    static async Task DieAt(Stack stack, string crashPoint)
    {
        await stack.StartService(crashPoint, settings: Settings).Ready();
        var balances = await ChargeLongAgo(stack);
        await DieInRun(stack);
        var left = await stack.Charged();
        Assert.NotEqual(RequestUsages, left);
        await stack.CheckAudit();

        await stack.Restart(settings: Settings);
        Assert.Equal(balances, await Balances(stack));
        await Run(stack, "retire-records");
        Assert.Equal(RequestUsages, await stack.Charged());
        Assert.Equal(balances, await Balances(stack));
        await Charge(stack, RequestUsages);
        await stack.CheckAudit();
    }

    /// <summary>5,000 usages of long ago, a third of them one user's, and some of today; the audit has found all of it right.</summary>
    static async Task<string[]> ChargeLongAgo(Stack stack)
    {
        for (var request = 0; request < 10; request++) await Charge(stack, RequestUsages);
        await stack.Age(Days);
        await Charge(stack, RequestUsages);
        await Run(stack, "audit");
        return await Balances(stack);
    }

    static async Task Charge(Stack stack, int usages)
    {
        using var http = Client(stack);
        var items = Enumerable.Range(0, usages).Select(number => new
        {
            usageId = WithoutTime(),
            userId = number % 3 == 0 ? HeavyUser : $"user{number / 3 % Users}",
            service = number % 2 == 0 ? "search" : "image",
            quantity = 1,
            occurredAt = TimeProvider.System.GetUtcNow(),
        });
        using var answer = await http.PostAsJsonAsync("/v1/usage", items.ToArray());
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        Assert.Equal(usages, (int)JsonNode.Parse(body)!["charged"]!);
    }

    static async Task Run(Stack stack, string job)
    {
        await Begin(stack, job);
        using var http = Client(stack);
        var last = await Eventually.That($"{job} has ended", async () => (await http.GetFromJsonAsync<JsonNode>($"/v1/jobs/{job}"))!["last"]!, last => last["result"] is not null, RunWithin);
        Assert.True((string)last["result"]! == "done", last.ToJsonString());
    }

    static async Task DieInRun(Stack stack)
    {
        try
        {
            await Begin(stack, "retire-records");
        }
        catch (HttpRequestException)
        {
            // It was quicker to die than to answer.
        }
        await stack.Service.Died();
    }

    static async Task Begin(Stack stack, string job)
    {
        using var http = Client(stack);
        await Eventually.That($"{job} begins", async () =>
        {
            using var answer = await http.PostAsync($"/v1/jobs/{job}/run", content: null);
            return answer.StatusCode;
        }, status => status == HttpStatusCode.Accepted, TurnFreeWithin);
    }

    static async Task<string[]> Balances(Stack stack)
    {
        using var http = Client(stack);
        return await Task.WhenAll(Enumerable.Range(0, Users).Select(async number =>
            (await http.GetFromJsonAsync<JsonNode>($"/v1/accounts/user{number}"))!["balance"]!.ToString()));
    }

    static HttpClient Client(Stack stack) => new() { BaseAddress = stack.Service.Address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A version 4 UUID.</summary>
    static Guid WithoutTime()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)(0x40 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}
