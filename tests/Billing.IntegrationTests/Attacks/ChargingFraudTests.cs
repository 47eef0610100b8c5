using System.Text.Json;
using Billing.Service.Charging;
using Billing.TestSupport.Access;

namespace Billing.IntegrationTests.Attacks;

/// <summary>Ways to get calls for nothing, or to get at what is another's, on two instances at once.</summary>
[Collection(ServersCollection.Name)]
public sealed class ChargingFraudTests(AttackedService running) : IClassFixture<AttackedService>, IAsyncLifetime
{
    readonly Auditor _auditor = running.NewAuditor();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _auditor.Check();

    [Fact]
    public async Task The_usage_id_of_another_does_not_make_a_call_free_at_any_door()
    {
        var paid = _auditor.Charged(TestUsage.Of(Ids.User("ann"), TestCatalogue.Image));
        await Usage(paid);
        var stolen = paid with { UserId = Ids.User("mallory"), Quantity = 5 };

        var receipt = await Usage(stolen);
        Assert.Equal(("rejected", ErrorCodes.UsageIdReused), (receipt.GetProperty("status").GetString(), receipt.GetProperty("code").GetString()));
        var deduction = await running.Requests.Ask<DeductQuota, QuotaDeduction>(stolen.ToRequest());
        Assert.Equal((false, ErrorCodes.UsageIdReused), (deduction.Charged, deduction.Code));
        await running.Gateway.PublishPlain(stolen.ToMessage());
        await running.IsQuiet();

        // The gateway is told, and sends the call under an id of its own.
        _auditor.Rejected(paid.UsageId.ToString(), ErrorCodes.UsageIdReused);
        Assert.Equal(0, await running.Count("select count(*) from usage_record r join account a using (account_id) where a.user_id = $1", stolen.UserId));
        await Usage(_auditor.Charged(stolen with { UsageId = Ids.WithTime() }));
    }

    [Fact]
    public async Task A_clock_set_back_gets_no_more_than_a_former_months_quota_and_nothing_of_older_ones()
    {
        var user = Ids.User("backdated");
        var former = TestUsage.Of(user, TestCatalogue.Image) with { OccurredAt = Cut(TimeProvider.System.GetUtcNow().AddDays(-34)) };
        const int free = 5;

        for (var i = 0; i < free + 3; i++)
        {
            var receipt = await Usage(_auditor.Charged(former with { UsageId = Ids.WithTime(), OccurredAt = former.OccurredAt.AddSeconds(i) }));
            Assert.Equal(i < free ? 1 : 0, receipt.GetProperty("freeUnits").GetInt64());
        }
        var older = TestUsage.Of(user, TestCatalogue.Image) with { OccurredAt = Cut(TimeProvider.System.GetUtcNow().AddDays(-36)) };
        var ahead = TestUsage.Of(user, TestCatalogue.Image) with { OccurredAt = Cut(TimeProvider.System.GetUtcNow().AddMinutes(10)) };

        Assert.Equal(ErrorCodes.UsageTooOld, (await Usage(older)).GetProperty("code").GetString());
        Assert.Equal(ErrorCodes.UsageInFuture, (await Usage(ahead)).GetProperty("code").GetString());
        _auditor.Rejected(older.UsageId.ToString(), ErrorCodes.UsageTooOld);
        _auditor.Rejected(ahead.UsageId.ToString(), ErrorCodes.UsageInFuture);
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task A_reservation_is_its_owners_alone(Door door)
    {
        var (ann, mallory, id) = (Ids.User("ann"), Ids.User("mallory"), Ids.WithTime());
        await Adjust(ann, "1.00");
        Assert.True((await running.Requests.Ask<ReserveQuota, QuotaReservation>(new ReserveQuota { ReservationId = id, UserId = ann, Service = TestCatalogue.Search, Quantity = 100, GrantSeconds = 600 })).Granted);

        string? released, extended;
        if (door == Door.Broker)
        {
            released = (await running.Requests.Ask<ReleaseQuota, QuotaRelease>(new ReleaseQuota { ReservationId = id, UserId = mallory, UsedQuantity = 0 })).Code;
            extended = (await running.Requests.Ask<ExtendReservation, QuotaReservation>(new ExtendReservation { ReservationId = id, UserId = mallory, Step = 1, Quantity = 1, GrantSeconds = 1 })).Code;
        }
        else
        {
            released = Code(await running.Http("POST", $"/v1/accounts/{mallory}/reservations/{id}/release", running.KeyOf("gateway"), new { usedQuantity = 0 }));
            extended = Code(await running.Http("POST", $"/v1/accounts/{mallory}/reservations/{id}/extensions", running.KeyOf("gateway"), new { step = 1, quantity = 1, grantSeconds = 1 }));
        }
        Assert.Equal((ErrorCodes.ReservationNotFound, ErrorCodes.ReservationNotFound), (released, extended));

        // Usage that names it is charged to whoever used, and takes nothing of what is held.
        var usage = _auditor.Charged(TestUsage.Of(mallory, TestCatalogue.Search, 3) with { ReservationId = id });
        if (door == Door.Http) await Usage(usage);
        else await running.Gateway.PublishPlain(usage.ToMessage());
        await running.WaitUntilCharged(usage);
        Assert.Equal(200_000_000, await running.Count("select held_nanos from account where user_id = $1", ann));
        Assert.Equal(1, await running.Count("select count(*) from reservation r join account a using (account_id) where a.user_id = $1 and r.closed_at is null and r.amount_held_nanos = 200000000", ann));
        Assert.Equal(-6_000_000, await running.Count("select balance_nanos from account where user_id = $1", mallory));
    }

    [Fact]
    public async Task Racing_over_broker_and_HTTP_for_the_same_last_balance_spends_it_once()
    {
        const int covered = 20, wanted = 90;
        var user = Ids.User("racer");
        await Adjust(user, "0.04");
        var tries = Enumerable.Range(0, wanted).Select(_ => TestUsage.Of(user)).ToArray();

        var answers = await Task.WhenAll(tries.Select((usage, place) => (place % 3) switch
        {
            0 => Deducted(usage),
            1 => DeductedOverHttp(usage),
            _ => Reserved(usage),
        }));

        // Set aside is as good as spent: together no more than there was.
        Assert.Equal(covered, answers.Count(granted => granted));
        foreach (var (usage, granted) in tries.Zip(answers).Where((_, place) => place % 3 != 2))
        {
            if (granted) _auditor.Charged(usage);
        }
        Assert.Equal(0, await running.Count("select balance_nanos - held_nanos from account where user_id = $1", user));

        async Task<bool> Deducted(TestUsage usage) => (await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest())).Charged;

        async Task<bool> DeductedOverHttp(TestUsage usage) => (await running.Http("POST", "/v1/deductions", running.KeyOf("gateway"), usage.ToRequest())).Status == 200;

        async Task<bool> Reserved(TestUsage usage) => (await running.Requests.Ask<ReserveQuota, QuotaReservation>(new ReserveQuota
        {
            ReservationId = usage.UsageId,
            UserId = user,
            Service = TestCatalogue.Search,
            Quantity = 1,
            GrantSeconds = 600,
        })).Granted;
    }

    [Fact]
    public async Task A_page_cursor_of_another_user_shows_nothing_of_his()
    {
        var (ann, mallory) = (Ids.User("ann"), Ids.User("mallory"));
        foreach (var user in (string[])[ann, mallory])
        {
            for (var i = 0; i < 3; i++) await Usage(_auditor.Charged(TestUsage.Of(user)));
            for (var i = 0; i < 2; i++) await running.Http("POST", $"/v1/accounts/{user}/recharges", running.KeyOf("web"), new { amount = "1.00", channel = "card", idempotencyKey = $"{i}" });
            await Adjust(user, "1.00");
            await Adjust(user, "1.00");
        }
        var key = await TestKeys.Make(running.Service, "web", mallory);

        foreach (var list in (string[])["records", "ledger", "recharges"])
        {
            var first = await Eventually.That(() => running.Http("GET", $"/v1/accounts/{ann}/{list}?limit=1", running.KeyOf("admin")), page => page.Body.TryGetProperty("nextCursor", out _), $"{list} have a second page");
            var cursor = Uri.EscapeDataString(first.Body.GetProperty("nextCursor").GetString()!);

            var (status, page) = await running.Http("GET", $"/v1/accounts/{mallory}/{list}?limit=100&cursor={cursor}", key);
            Assert.Equal(403, (await running.Http("GET", $"/v1/accounts/{ann}/{list}?cursor={cursor}", key)).Status);
            // A cursor is bound to its list, or is nothing but a moment.
            if (list != "recharges") Assert.Equal((400, ErrorCodes.InvalidCursor), (status, Code((status, page))));
            else Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal(mallory, item.GetProperty("userId").GetString()));

            foreach (var forged in (string[])[$"{cursor}A", cursor[..^1], "AAAA", "0", "-1", "99999999999999999999-0", "%00", "' or 1=1 --", new string('A', 4_000)])
                Assert.Equal(ErrorCodes.InvalidCursor, Code(await running.Http("GET", $"/v1/accounts/{mallory}/{list}?cursor={Uri.EscapeDataString(forged)}", key)));
        }
    }

    [Fact]
    public async Task A_key_that_is_bound_to_a_user_moves_and_reads_nothing_of_another()
    {
        var (ann, mallory) = (Ids.User("ann"), Ids.User("mallory"));
        await Adjust(ann, "1.00");
        var web = await TestKeys.Make(running.Service, "web", mallory);

        foreach (var user in (string[])[ann, $"{mallory}%2F..%2F{ann}", $"{mallory}/../{ann}", $"{mallory}%00{ann}", mallory.ToUpperInvariant(), $"{mallory}%20", $"{mallory},{ann}"])
        {
            foreach (var path in (string[])["", "/records", "/ledger", "/statistics?period=today", "/recharges", "/quota?service=image"])
                Assert.True((await running.Http("GET", $"/v1/accounts/{user}{path}", web)).Status is 400 or 403 or 404, $"{user}{path}");
            var usage = TestUsage.Of(ann);
            Assert.NotEqual(200, (await running.Http("POST", $"/v1/accounts/{user}/reservations", web, new { reservationId = usage.UsageId, service = TestCatalogue.Search, quantity = 1 })).Status);
        }
        // What is for many users at once is not for such a key.
        foreach (var (path, body) in new (string, object)[] { ("/v1/usage", TestUsage.Of(mallory).ToMessage()), ("/v1/deductions", TestUsage.Of(mallory).ToRequest()), ("/v1/quota/checks", new[] { new { userId = ann } }) })
            Assert.Equal(403, (await running.Http("POST", path, web, body)).Status);
        Assert.Equal(0, await running.Count("select count(*) from reservation r join account a using (account_id) where a.user_id = $1", ann));
    }

    async Task<JsonElement> Usage(TestUsage usage)
    {
        var (status, receipt) = await running.Http("POST", "/v1/usage", running.KeyOf("gateway"), usage.ToMessage());
        Assert.Equal(200, status);
        return receipt.GetProperty("items")[0];
    }

    async Task Adjust(string user, string amount)
    {
        var id = Ids.WithTime();
        _auditor.Entered(EntryKind.Adjustment, id, user, Money.Parse(amount));
        Assert.Equal(200, (await running.Http("POST", $"/v1/accounts/{user}/adjustments", running.KeyOf("admin"), new { adjustmentId = id, amount, actor = "adam", reason = "a test" })).Status);
    }

    static string? Code((int Status, JsonElement Body) answer) => answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    static DateTimeOffset Cut(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
