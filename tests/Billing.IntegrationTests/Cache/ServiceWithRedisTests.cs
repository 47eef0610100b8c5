using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.TestSupport.Cache;

namespace Billing.IntegrationTests.Cache;

/// <summary>The whole service with Redis, over HTTP, and the verb that compares both.</summary>
public sealed class ServiceWithRedisTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-cache-");
    readonly string _prefix = $"test-{Ids.WithoutTime():N}";

    string DataFile => Path.Combine(_folder.FullName, "billing.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Two_instances_on_one_database_and_one_Redis_see_each_others_commits()
    {
        await using var one = await Start();
        await using var other = await Start();
        await Adjust(one, "shared", "1.00");
        await CheckUntilCached(other, "shared");

        for (var i = 2; i <= 10; i++)
        {
            await Adjust(i % 2 == 0 ? one : other, "shared", "1.00");
            foreach (var service in (TestService[])[one, other])
                await Eventually.That(() => Available(service, "shared"), available => available == $"{i}.00", "the commit is seen", within: TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task After_a_start_the_accounts_that_were_charged_lately_are_there_before_anyone_asks()
    {
        await using (var before = await Start())
        {
            foreach (var user in (string[])["busy-1", "busy-2"])
            {
                await Adjust(before, user, "1.00");
                using var answer = await before.Http.PostAsJsonAsync("/v1/usage", TestUsage.Of(user).ToMessage());
                Assert.True(answer.IsSuccessStatusCode);
            }
        }
        await redis.Send("FLUSHALL");

        await using var after = await Start();

        foreach (var user in (string[])["busy-1", "busy-2"])
            await Eventually.That(() => redis.Send("HEXISTS", Key(user), "m"), answer => answer == ":1", $"{user} is in the cache");
    }

    [Fact]
    public async Task Without_Redis_it_is_ready_says_that_it_is_degraded_and_answers_checks()
    {
        await using var service = await Start();
        await Adjust(service, "patient", "1.00");
        await CheckUntilCached(service, "patient");
        await redis.Kill();
        try
        {
            await Eventually.That(async () =>
            {
                Assert.Equal("1.00", await Available(service, "patient"));
                using var answer = await service.Http.GetAsync("/health/ready");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["checks"]!["cache"]!["reason"];
            }, reason => reason?.StartsWith("degraded", StringComparison.Ordinal) == true, "health says so");
        }
        finally
        {
            await redis.Start();
        }
        await CheckUntilCached(service, "patient");
    }

    [Fact]
    public async Task The_verb_finds_what_differs_and_mends_it()
    {
        await using var service = await Start();
        await Adjust(service, "honest", "1.00");
        await Adjust(service, "forged", "1.00");
        await CheckUntilCached(service, "honest");
        await CheckUntilCached(service, "forged");
        var (code, output) = await VerifyCache();
        Assert.True(code == 0, output);

        var version = (await redis.Send("HSTRLEN", Key("forged"), "a"));
        Assert.NotEqual(":0", version);
        await redis.Send("HSET", Key("forged"), "a", "1|1000000000000|0|0|1");

        (code, output) = await VerifyCache();
        Assert.True(code == 1 && output.Contains("forged  corruption") && !output.Contains("honest"), output);
        Assert.Equal(1, (await VerifyCache("--repair")).Code);
        (code, output) = await VerifyCache();
        Assert.True(code == 0, output);
        Assert.Equal("1.00", await Available(service, "forged"));
    }

    [Theory]
    [InlineData(2, "--repare")]
    [InlineData(4)]
    public async Task The_verb_says_what_is_wrong_with_its_usage_and_when_Redis_is_not_there(int expected, params string[] arguments)
    {
        await using var service = await Start();
        var (code, output) = await VerifyCache(address: "127.0.0.1:1", arguments);

        Assert.Equal(expected, code);
        Assert.StartsWith("verify-cache: ", output);
    }

    Task<TestService> Start() => TestService.Start(dataFile: DataFile, redis: redis.Address, settings: [$"Cache:KeyPrefix={_prefix}", "Cache:CallMax=00:00:00.500"]);

    string Key(string user) => $"{_prefix}:account:{{{user}}}";

    Task<(int Code, string Output)> VerifyCache(params string[] arguments) => VerifyCache(redis.Address, arguments);

    async Task<(int Code, string Output)> VerifyCache(string address, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Billing.Service.dll");
        var command = new ProcessStartInfo("dotnet", [program, "verify-cache", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in (KeyValuePair<string, string>[])[new("BILLING_REDIS", address), new("BILLING_POSTGRES", ""), new("BILLING_RABBITMQ", ""), new("Billing__DataFile", DataFile), new("Cache__KeyPrefix", _prefix)])
            command.Environment[name] = value;
        using var process = Process.Start(command)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    async Task CheckUntilCached(TestService service, string user) => await Eventually.That(async () =>
    {
        Assert.NotEqual("0.00", await Available(service, user));
        return await redis.Send("HEXISTS", Key(user), "m");
    }, answer => answer == ":1", "the account is in the cache");

    static async Task<string?> Available(TestService service, string user)
    {
        var answer = (await service.Http.GetFromJsonAsync<JsonNode>($"/v1/accounts/{user}/quota?service=search"))!;
        Assert.True((bool)answer["allowed"]!, answer.ToJsonString());
        return (string?)answer["available"];
    }

    static async Task Adjust(TestService service, string user, string amount)
    {
        using var answer = await service.Http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", new { adjustmentId = Ids.WithTime(), amount, actor = "me", reason = "test" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
