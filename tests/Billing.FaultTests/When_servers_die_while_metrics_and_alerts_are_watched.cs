using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>After the service and PostgreSQL were killed under load, what operators look at is what the database holds.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_servers_die_while_metrics_and_alerts_are_watched(PrivateServers servers, ITestOutputHelper output)
{
    const int Orders = 7;
    const int WronglyPaid = 2;
    const int Reservations = 3;
    const int LateDebtors = 6;
    static readonly string Holder = Traffic.FundedUsers.First();
    static readonly (string, string)[] Settings = [("Webhooks__AllowPrivateNetworks", "true"), ("Webhooks__Timeout", "00:00:02")];

    // The gauges may be 15 seconds old, and an outbox that waited for a server tries again by and by.
    static readonly TimeSpan EqualWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(90);

    static readonly (string Series, string Sql)[] Gauges =
    [
        ("billing_outbox_pending{outbox=\"ledger\"}", "select count(*) from ledger.outbox_message where enqueue_time is null"),
        ("billing_outbox_failing{outbox=\"ledger\"}", "select count(*) from ledger.outbox_message where delivery_attempts > 0"),
        ("billing_outbox_pending{outbox=\"recharges\"}", "select count(*) from recharges.outbox_message where enqueue_time is null"),
        ("billing_outbox_failing{outbox=\"recharges\"}", "select count(*) from recharges.outbox_message where delivery_attempts > 0"),
        ("billing_recharge_open{state=\"pending\"}", "select count(*) from recharges.recharge where current_state = 'Pending'"),
        ("billing_recharge_open{state=\"needs_review\"}", "select count(*) from recharges.recharge where current_state = 'NeedsReview'"),
        ("billing_payment_unmatched", "select count(*) from recharges.unmatched_payments where resolved_at is null"),
        ("billing_reservation_open", "select count(*) from ledger.reservation where closed_at is null"),
        ("billing_reservation_held", "select coalesce(sum(amount_held_nanos), 0) / 1e9 from ledger.reservation where closed_at is null"),
        ("billing_rejected_usage_open", "select count(*) from ledger.rejected_usage where resolved_at is null"),
        ("billing_webhook_pending", "select count(*) from ledger.webhook_delivery where state = 0"),
    ];

    [Fact]
    public async Task Counters_gauges_and_webhooks_say_what_the_rows_say()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await using var receiver = new WebhookReceiver();
        await stack.Begin(settings: Settings);
        var reservations = await Prepare(stack, receiver);
        var load = stack.StartLoad();
        await stack.Confirmed(more: 1_000);

        // What a dead service had sent, PostgreSQL still does: the next one counts from when the last session of this one is over.
        await stack.Service.Kill();
        await Eventually.That("the dead service's sessions are over", () => stack.Number("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'billing-service'"), sessions => sessions == 0, ToldWithin);
        var before = await Rows.Of(stack);
        await stack.Restart(settings: Settings);
        await stack.Confirmed(more: 1_000);

        await servers.Kill(PrivateServers.Postgres);
        await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);
        stack.Note("PostgreSQL was killed");
        await servers.Start(PrivateServers.Postgres);
        await stack.Service.Ready();
        await stack.Confirmed(more: 1_000);
        await stack.Send([.. Enumerable.Range(0, LateDebtors).Select(number => (IReadOnlyList<SentUsage>)[new(Guid.CreateVersion7(), $"late-debtor-{number}", "search", 1, null, Now())])]);
        await load.Finish();
        await stack.WaitUntilQuiet();

        await CheckCounters(stack, before);
        await CheckGauges(stack);
        await CheckDebts(stack, receiver);
        foreach (var reservation in reservations) await Post(stack, $"/v1/accounts/{Holder}/reservations/{reservation}/release", new { usedQuantity = 0 });
        await stack.Check();
    }

    /// <summary>Who wants to be told, and something of all that stays open: orders that no payment service answers, some paid wrongly, and reservations.</summary>
    static async Task<IReadOnlyList<Guid>> Prepare(ServersStack stack, WebhookReceiver receiver)
    {
        await Post(stack, "/v1/webhooks", new { operationId = Guid.CreateVersion7(), url = receiver.Url, events = new[] { "account.in_debt" }, actor = "test", reason = "a test" });
        var orders = await Task.WhenAll(Enumerable.Range(0, Orders).Select(number => Post(stack, $"/v1/accounts/payer-{number}/recharges", new { amount = "5.00", channel = "card", idempotencyKey = "one" })));
        foreach (var order in orders.Take(WronglyPaid)) await stack.TellPaid(order.GetProperty("rechargeId").GetGuid(), "0.05");
        await stack.TellPaid(Guid.CreateVersion7(), "5.00");

        var reservations = Enumerable.Range(0, Reservations).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var reservation in reservations) await Post(stack, $"/v1/accounts/{Holder}/reservations", new { reservationId = reservation, service = "search", quantity = 10, grantSeconds = 3_600 });
        return reservations;
    }

    /// <summary>From the start of the living service on; it alone has charged since.</summary>
    static async Task CheckCounters(ServersStack stack, Rows before)
    {
        var (after, told) = (await Rows.Of(stack), await Scrape.Of(stack.Service.Address));
        var (charged, rejected) = (told.Sum("billing_usage_charged_total"), told.Sum("billing_usage_rejected_total"));
        var answered = charged + rejected + told.Sum("billing_usage_duplicates_total") + told.Sum("billing_deduction_refused_total");
        stack.Note($"received {told.Sum("billing_usage_received_total")}, answered {answered}, charged {charged}, rejected {rejected}, debts {told.Sum("billing_account_debts_total")}; rows {before} to {after}");

        Assert.Equal(after.Records - before.Records, charged);
        // Delivered again after its commit it is counted again, and adds no row.
        Assert.InRange(after.Rejections - before.Rejections, 1, rejected);
        Assert.InRange(answered, charged + rejected, told.Sum("billing_usage_received_total"));
        // A commit whose answer was lost with the database may have taken somebody into debt, and is not counted.
        Assert.InRange(told.Sum("billing_account_debts_total"), LateDebtors, after.InDebt - before.InDebt);
        Assert.Equal(0, told["billing_queue_messages{queue=\"billing-usage\"}"]);
        Assert.Equal(1, told["billing_health{check=\"database\"}"]);
    }

    static async Task CheckGauges(ServersStack stack)
    {
        var seen = await Eventually.That("every gauge is what the rows say", async () =>
        {
            var told = await Scrape.Of(stack.Service.Address);
            var lines = new List<(string Series, double? Told, double Rows)>();
            foreach (var (series, sql) in Gauges) lines.Add((series, told[series], await stack.Number(sql)));
            return new Comparison(lines);
        }, comparison => comparison.Holds, EqualWithin);

        stack.Note(seen.ToString());
        Assert.Equal(Orders - WronglyPaid, seen["billing_recharge_open{state=\"pending\"}"]);
        Assert.Equal(WronglyPaid, seen["billing_recharge_open{state=\"needs_review\"}"]);
        Assert.Equal(1, seen["billing_payment_unmatched"]);
        Assert.Equal(Reservations, seen["billing_reservation_open"]);
        Assert.Equal(0.06, seen["billing_reservation_held"], precision: 9);
    }

    /// <summary>Nobody had more money after the beginning: who is in debt went into it once.</summary>
    static async Task CheckDebts(ServersStack stack, WebhookReceiver receiver)
    {
        var inDebt = await stack.Texts("select user_id from ledger.account where balance_nanos < 0 order by user_id");
        var told = await Eventually.That("every debt is told", () => receiver.Received.ToHashSet(), received => received.Select(one => one.UserId).Distinct().Count() >= inDebt.Count, ToldWithin);

        Assert.Equal(inDebt.Order(StringComparer.Ordinal), told.Select(one => one.UserId).Order(StringComparer.Ordinal));
        Assert.Equal(told.Count, await stack.Number("select count(distinct event_id) from ledger.webhook_delivery where event_type = 'account.in_debt'"));
    }

    static async Task<JsonElement> Post(ServersStack stack, string path, object body)
    {
        using var http = new HttpClient { BaseAddress = stack.Service.Address, Timeout = TimeSpan.FromSeconds(20) };
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    static DateTimeOffset Now() => new(TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    sealed record Rows(double Records, double Rejections, double InDebt)
    {
        public static async Task<Rows> Of(ServersStack stack) => new(
            await stack.Number("select count(*) from ledger.usage_record"),
            await stack.Number("select count(*) from ledger.rejected_usage"),
            await stack.Number("select count(*) from ledger.account where balance_nanos < 0"));
    }

    sealed record Comparison(IReadOnlyList<(string Series, double? Told, double Rows)> Lines)
    {
        public bool Holds => Lines.All(line => line.Told is { } told && Math.Abs(told - line.Rows) < 1e-9);

        public double this[string series] => Lines.Single(line => line.Series == series).Rows;

        public override string ToString() => string.Join("; ", Lines.Select(line => $"{line.Series} {line.Told}, rows {line.Rows}"));
    }
}
