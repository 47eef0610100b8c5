using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Service.Access;
using Billing.Service.Hosting;
using Billing.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Http;

/// <summary>Keys over HTTP: who is let in, what is refused, and that no secret is left lying about.</summary>
public sealed class KeyTests(KeyedService service) : IClassFixture<KeyedService>
{
    [Theory]
    [InlineData("GET", "/v1/accounts/bob")]
    [InlineData("GET", "/v1/accounts/bob/records")]
    [InlineData("GET", "/v1/accounts/bob/ledger")]
    [InlineData("GET", "/v1/accounts/bob/statistics?period=today")]
    [InlineData("GET", "/v1/accounts/bob/recharges")]
    [InlineData("POST", "/v1/accounts/bob/recharges")]
    [InlineData("GET", "/v1/accounts/bob/quota?service=image")]
    [InlineData("GET", "/v1/accounts/ann%2F..%2Fbob")]
    [InlineData("GET", "/v1/accounts/%61nnn")]
    [InlineData("GET", "/v1/accounts/ANN")]
    [InlineData("POST", "/v1/accounts/query")]
    [InlineData("POST", "/v1/quota/checks")]
    public async Task A_key_that_is_bound_to_a_user_gets_nothing_of_another(string method, string path)
    {
        var ann = (await service.Make(KeyScope.Web, "ann")).Reveal();

        Assert.Equal((403, ErrorCodes.ForbiddenUser), await Ask(method, path, ann));
    }

    [Fact]
    public async Task A_key_that_is_bound_to_a_user_reads_and_recharges_that_user()
    {
        var (ann, bob) = ((await service.Make(KeyScope.Web, "a/nn")).Reveal(), (await service.Make(KeyScope.Web, "bob")).Reveal());
        using var ordered = await service.Send("POST", "/v1/accounts/a%2Fnn/recharges", ann, """{"amount":"5.00","channel":"card","idempotencyKey":"one"}""");
        Assert.True(ordered.IsSuccessStatusCode, await ordered.Content.ReadAsStringAsync());
        var recharge = (string)JsonNode.Parse(await ordered.Content.ReadAsStringAsync())!["rechargeId"]!;

        await Eventually.That(async () => (await Ask("GET", $"/v1/recharges/{recharge}", ann)).Status, status => status == 200, "the recharge is there");
        Assert.Equal((403, ErrorCodes.ForbiddenUser), await Ask("GET", $"/v1/recharges/{recharge}", bob));
        Assert.Equal(200, (await Ask("GET", "/v1/accounts/a%2Fnn/recharges", ann)).Status);
        Assert.Equal(200, (await Ask("GET", "/v1/services", ann)).Status);
        Assert.Equal(200, (await Ask("GET", $"/v1/recharges/{recharge}", service.KeyOf(KeyScope.Web))).Status);
    }

    [Fact]
    public async Task A_revoked_key_says_so_and_another_of_the_same_scope_goes_on()
    {
        var (old, next) = (await service.Make(KeyScope.Gateway), await service.Make(KeyScope.Gateway));
        Assert.Equal((404, ErrorCodes.AccountNotFound), await Ask("GET", "/v1/accounts/nobody", old.Reveal()));

        Assert.Equal(200, (await Ask("DELETE", $"/v1/api-keys/{old.Id}?actor=eve&reason=rotation", service.KeyOf(KeyScope.Admin))).Status);

        var (status, code) = await Eventually.That(() => Ask("GET", "/v1/accounts/nobody", old.Reveal()), answer => answer.Status == 401, "the key is refused", KeyRing.AgeMax + TimeSpan.FromSeconds(1));
        Assert.Equal((401, ErrorCodes.KeyRevoked), (status, code));
        Assert.Equal(404, (await Ask("GET", "/v1/accounts/nobody", next.Reveal())).Status);
    }

    [Fact]
    public async Task Keys_are_made_and_listed_over_HTTP_and_shown_once()
    {
        var admin = service.KeyOf(KeyScope.Admin);
        var body = JsonSerializer.Serialize(new { operationId = Ids.WithTime(), name = "shop", scope = "web", userId = "ann", actor = "eve", reason = "the shop opens" });
        using var made = await service.Send("POST", "/v1/api-keys", admin, body);
        using var again = await service.Send("POST", "/v1/api-keys", admin, body);
        var (first, second) = (JsonNode.Parse(await made.Content.ReadAsStringAsync())!, JsonNode.Parse(await again.Content.ReadAsStringAsync())!);
        var text = (string)first["key"]!;
        service.Texts.Add(text);

        Assert.Equal((201, 200, true, null), ((int)made.StatusCode, (int)again.StatusCode, (bool)second["duplicate"]!, (string?)second["key"]));
        Assert.Equal((string)first["keyId"]!, (string)second["keyId"]!);
        Assert.Matches(@"^bk_web_[0-9a-f]{16}_[0-9a-f]{64}$", text);
        Assert.Equal(404, (await Ask("GET", "/v1/accounts/ann", text)).Status);

        using var list = await service.Send("GET", "/v1/api-keys", admin);
        var listed = await list.Content.ReadAsStringAsync();
        Assert.Contains((string)first["keyId"]!, listed);
        Assert.DoesNotContain(text.Split('_')[3], listed);
        Assert.Equal(404, (await Ask("DELETE", "/v1/api-keys/ffffffffffffffff?actor=eve&reason=r", admin)).Status);
        Assert.Equal((400, ErrorCodes.InvalidReason), await Ask("DELETE", $"/v1/api-keys/{first["keyId"]}?actor=eve", admin));
    }

    [Fact]
    public async Task An_expired_key_says_so_and_is_in_nobodys_way()
    {
        var body = JsonSerializer.Serialize(new { operationId = Ids.WithTime(), name = "for a day", scope = "gateway", expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(2), actor = "eve", reason = "a visitor" });
        using var made = await service.Send("POST", "/v1/api-keys", service.KeyOf(KeyScope.Admin), body);
        var key = JsonNode.Parse(await made.Content.ReadAsStringAsync())!;
        var text = (string)key["key"]!;
        service.Texts.Add(text);
        Assert.Equal((404, ErrorCodes.AccountNotFound), await Ask("GET", "/v1/accounts/nobody", text));

        var (_, code) = await Eventually.That(() => Ask("GET", "/v1/accounts/nobody", text), answer => answer.Status == 401, "the key is refused", TimeSpan.FromSeconds(3));
        Assert.Equal(ErrorCodes.KeyExpired, code);
        // Who did not notice goes on trying; the key that follows comes from the same address.
        for (var i = 0; i < FailedAttempts.FailuresMax + 5; i++) Assert.Equal((401, ErrorCodes.KeyExpired), await Ask("GET", "/v1/accounts/nobody", text));
        Assert.Equal(404, (await Ask("GET", "/v1/accounts/nobody", (await service.Make(KeyScope.Gateway)).Reveal())).Status);

        using var list = await service.Send("GET", "/v1/api-keys", service.KeyOf(KeyScope.Admin));
        var listed = JsonNode.Parse(await list.Content.ReadAsStringAsync())!["items"]!.AsArray().Single(item => (string)item!["keyId"]! == (string)key["keyId"]!)!;
        Assert.Equal((string)key["expiresAt"]!, (string)listed["expiresAt"]!);
        var log = await Eventually.That(service.Log, written => written.Contains("still in use and refused", StringComparison.Ordinal), "the operator hears of it");
        Assert.Single(log.Split('\n'), line => line.Contains("still in use and refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_says_what_would_be_right()
    {
        using var missing = await service.Send("GET", "/v1/services", key: null);
        Assert.Equal("Bearer", missing.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Contains("Authorization: Bearer bk_", await missing.Content.ReadAsStringAsync());

        using var wrongScope = await service.Send("POST", "/v1/usage/0193d4a8-7c00-4000-8000-000000000001/reversal", service.KeyOf(KeyScope.Payment));
        Assert.Contains("has scope payment; this needs gateway or admin", await wrongScope.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Where_keys_are_needed_the_service_may_listen_on_any_address()
    {
        await using var open = await TestService.Build(["--urls", "http://0.0.0.0:1", "--Http:RequireKeys=true", "--BILLING_POSTGRES=", "--BILLING_RABBITMQ=", "--BILLING_REDIS="]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.Build(["--urls", "http://0.0.0.0:1", "--Http:RequireKeys=false"]));
    }

    [Fact]
    public async Task Without_a_key_none_is_needed_on_loopback_and_with_the_first_one_it_is_also_when_it_is_revoked()
    {
        await using var open = await RunningService.Start();
        Assert.Equal(404, (await open.Get("/v1/accounts/nobody")).Status);
        var (status, made) = await open.Post("/v1/api-keys", new { operationId = Ids.WithTime(), name = "ops", scope = "admin", actor = "eve", reason = "the first" });
        Assert.Equal(201, status);

        await Eventually.That(async () => (await open.Get("/v1/accounts/nobody")).Status, answer => answer == 401, "a key is needed", KeyRing.AgeMax + TimeSpan.FromSeconds(1));
        await open.Services.GetRequiredService<ApiKeys>().Revoke((string)made!["keyId"]!, "eve", "the last", default);
        Assert.Equal(401, (await open.Get("/v1/accounts/nobody")).Status);
        Assert.Equal(200, (await open.Get("/health/live")).Status);
    }

    [Fact]
    public async Task No_secret_is_in_a_log_or_an_error()
    {
        var key = await service.Make(KeyScope.Payment);
        var parts = key.Reveal().Split('_');
        var wrong = KeyText.New(KeyScope.Admin).Reveal();
        service.Texts.Add(wrong);
        string[] sent = [key.Reveal(), wrong, $"bk_web_{parts[2]}_{parts[3]}", $"{key.Reveal()}x", parts[3]];
        foreach (var text in sent)
        {
            using var answer = await service.Send("GET", "/v1/operator-acts", text);
            AssertNoSecret(await answer.Content.ReadAsStringAsync() + answer.Headers);
        }

        AssertNoSecret(await Eventually.That(service.Log, log => log.Contains("wrong keys from", StringComparison.Ordinal), "the failures are logged"));
    }

    void AssertNoSecret(string text) => Assert.All(service.Texts, key => Assert.DoesNotContain(key.Split('_')[3], text));

    async Task<(int Status, string? Code)> Ask(string method, string path, string key)
    {
        using var answer = await service.Send(method, path, key);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["code"] : null);
    }
}
