using Billing.Service.Access;
using Billing.Service.Charging;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.TestSupport.Access;

/// <summary>Keys, whatever database is below.</summary>
public abstract class KeysCompliance : IAsyncLifetime
{
    static readonly TimeSpan AlmostTooOld = KeyRing.AgeMax - TimeSpan.FromMilliseconds(1);

    readonly HandClock _time = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    KeyStore Store => new(Ledger.Database);
    ApiKeys Keys => new(Store, _time);

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync() => Ledger = await OpenLedger();

    public async Task DisposeAsync() => await CloseLedger();

    [Fact]
    public async Task A_key_opens_what_it_was_made_for_and_nobody_can_read_it_from_the_database()
    {
        var (key, text) = await Make(scope: "web", user: "ann");

        var opened = await NewRing().Open(KeyText.Read(text.Reveal())!, default);

        Assert.Equal(key with { LastUsedAt = opened!.LastUsedAt }, opened);
        Assert.Equal((KeyScope.Web, "ann"), (opened.Scope, opened.UserId));
        var secret = text.Reveal().Split('_')[3];
        Assert.Equal(1, await Ledger.Count("select count(*) from api_key where key_id = $1 and secret_hash = $2", key.KeyId, text.Hash()));
        Assert.Equal(0, await Ledger.Count("select count(*) from api_key where secret_hash = $1", Convert.FromHexString(secret)));
        Assert.Equal(0, await Ledger.Count("select count(*) from operator_act where detail like '%' || $1 || '%'", secret));
    }

    [Fact]
    public async Task Another_secret_or_another_scope_in_the_text_opens_nothing()
    {
        var (_, text) = await Make(scope: "web");
        var parts = text.Reveal().Split('_');
        var flipped = (parts[3][^1] == '0' ? '1' : '0').ToString();

        Assert.Null(await NewRing().Open(KeyText.Read($"bk_web_{parts[2]}_{parts[3][..^1]}{flipped}")!, default));
        Assert.Null(await NewRing().Open(KeyText.Read($"bk_admin_{parts[2]}_{parts[3]}")!, default));
        Assert.Null(await NewRing().Open(KeyText.New(KeyScope.Web), default));
    }

    [Fact]
    public async Task A_revocation_counts_on_every_instance_within_five_seconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), KeyRing.AgeMax);
        var (key, text) = await Make();
        var (one, another) = (NewRing(), NewRing());
        // Each key is read anew once its use has been noted.
        for (var i = 0; i < 2; i++) Assert.All(new[] { await one.Open(text, default), await another.Open(text, default) }, opened => Assert.Null(opened!.RevokedAt));

        await Keys.Revoke(key.KeyId, "eve", "leaked", default);
        _time.Pass(KeyRing.AgeMax);

        Assert.NotNull((await one.Open(text, default))!.RevokedAt);
        Assert.NotNull((await another.Open(text, default))!.RevokedAt);
    }

    [Fact]
    public async Task Within_its_time_a_key_is_not_read_again()
    {
        var (_, text) = await Make();
        var ring = NewRing();
        for (var i = 0; i < 2; i++) await ring.Open(text, default);
        _time.Pass(AlmostTooOld);
        await Ledger.Execute("update api_key set name = 'renamed' where key_id = $1", text.Id);

        Assert.NotEqual("renamed", (await ring.Open(text, default))!.Name);
        _time.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal("renamed", (await ring.Open(text, default))!.Name);
    }

    [Fact]
    public async Task When_a_key_was_used_is_noted_by_the_hour()
    {
        var (key, text) = await Make();
        var ring = NewRing();
        var first = _time.GetUtcNow();
        Assert.Null(key.LastUsedAt);
        await ring.Open(text, default);
        _time.Pass(TimeSpan.FromMinutes(59));
        await ring.Open(text, default);
        Assert.Equal(first, (await Store.Find(key.KeyId, default))!.Key.LastUsedAt);

        _time.Pass(TimeSpan.FromMinutes(1));
        await ring.Open(text, default);
        Assert.Equal(_time.GetUtcNow(), (await Store.Find(key.KeyId, default))!.Key.LastUsedAt);
    }

    [Fact]
    public async Task Each_act_on_a_key_is_in_the_log_once_with_who_and_why()
    {
        var (key, _) = await Make();
        var first = await Keys.Revoke(key.KeyId, "eve", "leaked", default);
        var second = await Keys.Revoke(key.KeyId, "mallory", "again", default);

        Assert.Equal((false, true), (first.Duplicate, second.Duplicate));
        Assert.Equal(first.Key!.RevokedAt, second.Key!.RevokedAt);
        Assert.Equal(1, await Acts(ActKinds.CreateKey, key, "adam", "a test"));
        Assert.Equal(1, await Acts(ActKinds.RevokeKey, key, "eve", "leaked"));
        Assert.Equal(2, await Ledger.Count("select count(*) from operator_act where subject = $1", key.KeyId));
    }

    [Fact]
    public async Task The_same_operation_makes_one_key_and_shows_its_text_once()
    {
        var request = Request("gateway");
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Keys.Make(request, default))));

        Assert.Single(made, answer => answer.Text is not null);
        Assert.Single(made.Select(answer => answer.Key!.KeyId).Distinct());
        Assert.Equal(ErrorCodes.OperationIdReused, (await Keys.Make(request with { Name = "another" }, default)).Refusal!.Code);
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where kind = 'create_key' and operation_id = $1", request.OperationId));
    }

    [Fact]
    public async Task A_key_that_was_is_never_gone_so_that_the_door_does_not_open_again()
    {
        var (key, _) = await Make();
        await Keys.Revoke(key.KeyId, "eve", "the last one", default);

        Assert.True(await Store.Any(default));
        await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute("delete from api_key where key_id = $1", key.KeyId));
        await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute("update api_key set revoked_at = null where key_id = $1", key.KeyId));
    }

    [Theory]
    [InlineData("", "gateway", null, ErrorCodes.InvalidKeyName)]
    [InlineData("name", "root", null, ErrorCodes.InvalidScope)]
    [InlineData("name", null, null, ErrorCodes.InvalidScope)]
    [InlineData("name", "admin", "ann", ErrorCodes.InvalidScope)]
    [InlineData("name", "web", "a b", ErrorCodes.InvalidUserId)]
    public async Task A_wish_that_makes_no_sense_is_refused(string name, string? scope, string? user, string code)
    {
        var request = Request(scope, user) with { Name = name };

        Assert.Equal(code, (await Keys.Make(request, default)).Refusal!.Code);
        Assert.Equal(0, await Ledger.Count("select count(*) from api_key where operation_id = $1", request.OperationId));
    }

    [Fact]
    public async Task A_key_with_an_expiry_is_good_until_then_and_not_a_moment_longer_even_where_it_was_just_read()
    {
        var expires = _time.GetUtcNow().AddHours(2);
        var (key, text) = await Make(expiresAt: "2026-11-22T17:45:00.0000007+05:45");
        var ring = NewRing();
        Assert.Equal(expires, key.ExpiresAt);
        Assert.Equal(expires, (await Store.List(default)).Single(listed => listed.KeyId == key.KeyId).ExpiresAt);

        _time.Pass(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        Assert.False((await ring.Open(text, default))!.HasExpired(_time.GetUtcNow()));
        _time.Pass(TimeSpan.FromMilliseconds(1));
        Assert.True((await ring.Open(text, default))!.HasExpired(_time.GetUtcNow()));
        Assert.Equal(1, await Ledger.Count(
            "select count(*) from operator_act where kind = $1 and subject = $2 and detail like '%' || $3 || '%'", ActKinds.CreateKey, key.KeyId, "2026-11-22T12:00:00"));
    }

    [Fact]
    public async Task An_expired_key_is_not_noted_as_used()
    {
        var (key, text) = await Make(expiresAt: "2026-11-22T10:00:01Z");
        _time.Pass(TimeSpan.FromSeconds(1));

        await NewRing().Open(text, default);

        Assert.Null((await Store.Find(key.KeyId, default))!.Key.LastUsedAt);
    }

    [Fact]
    public async Task A_repeat_is_answered_with_the_key_that_was_made_though_it_has_expired_and_another_expiry_is_another_wish()
    {
        var request = Request("web") with { ExpiresAt = "2026-11-22T10:00:01Z" };
        var made = await Keys.Make(request, default);
        _time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(made.Key!.KeyId, (await Keys.Make(request, default)).Key!.KeyId);
        Assert.Equal(ErrorCodes.OperationIdReused, (await Keys.Make(request with { ExpiresAt = "2026-11-22T12:00:00Z" }, default)).Refusal!.Code);
        Assert.Equal(ErrorCodes.OperationIdReused, (await Keys.Make(request with { ExpiresAt = null }, default)).Refusal!.Code);
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00Z")] // now
    [InlineData("2026-11-22T12:00:00+05:00")] // 07:00 UTC
    [InlineData("2027-01-31T00:00:00")] // on which machine?
    [InlineData("2027-01-31")]
    [InlineData("90d")]
    [InlineData("")]
    public async Task An_expiry_that_is_no_time_ahead_makes_no_key(string expiresAt)
    {
        var request = Request("web") with { ExpiresAt = expiresAt };

        Assert.Equal(ErrorCodes.InvalidExpiry, (await Keys.Make(request, default)).Refusal!.Code);
        Assert.Equal(0, await Ledger.Count("select count(*) from api_key where operation_id = $1", request.OperationId));
    }

    [Fact]
    public async Task Nobody_makes_or_revokes_a_key_without_saying_who_and_why()
    {
        var (key, _) = await Make();

        Assert.Equal(ErrorCodes.InvalidActor, (await Keys.Make(Request("web") with { Actor = null }, default)).Refusal!.Code);
        Assert.Equal(ErrorCodes.InvalidReason, (await Keys.Make(Request("web") with { Reason = " " }, default)).Refusal!.Code);
        Assert.Equal(ErrorCodes.InvalidReason, (await Keys.Revoke(key.KeyId, "eve", null, default)).Refusal!.Code);
        Assert.Null((await Store.Find(key.KeyId, default))!.Key.RevokedAt);
    }

    async Task<(ApiKey Key, KeyText Text)> Make(string scope = "gateway", string? user = null, string? expiresAt = null)
    {
        var made = await Keys.Make(Request(scope, user) with { ExpiresAt = expiresAt }, default);
        return (made.Key!, made.Text!);
    }

    static IncomingKey Request(string? scope, string? user = null) => new() { OperationId = Ids.WithTime(), Name = "a key", Scope = scope, UserId = user, Actor = "adam", Reason = "a test" };

    KeyRing NewRing() => new(Store, Ledger.NewStore(), _time, NullLogger<KeyRing>.Instance);

    Task<long> Acts(string kind, ApiKey key, string actor, string reason) => Ledger.Count(
        "select count(*) from operator_act where kind = $1 and subject = $2 and operation_id = $3 and actor = $4 and reason = $5", kind, key.KeyId, key.OperationId, actor, reason);
}
