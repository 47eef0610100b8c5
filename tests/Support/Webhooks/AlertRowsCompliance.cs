using System.Data.Common;
using Billing.Service.Alerts;
using Billing.Service.Charging;
using Billing.Service.Webhooks;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Webhooks;

/// <summary>The rows by which several instances share deliveries and what operators were told, whatever database is below them.</summary>
public abstract class AlertRowsCompliance : IAsyncLifetime
{
    static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    public async Task InitializeAsync() => Ledger = await OpenLedger();

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    [Fact]
    public async Task An_event_is_one_delivery_for_each_that_wants_it_however_often_it_comes()
    {
        var all = await Subscribe();
        await Subscribe(user: "bob");
        await Subscribe(events: EventTypes.AccountInDebt);
        await Subscribe(enabled: false);
        var anns = await Subscribe(user: "ann");

        Assert.Equal(2, await At(0).Post(Event(1, "ann"), default));
        Assert.Equal(0, await At(5).Post(Event(1, "ann"), default));
        Assert.Equal(1, await At(5).Post(Event(2, user: null), default));
        Assert.Equal((2, 1), ((await At(5).Take(all, 9, Lease, default)).Count, (await At(5).Take(anns, 9, Lease, default)).Count));
    }

    [Fact]
    public async Task What_one_has_taken_nobody_else_gets_until_its_lease_is_over()
    {
        var webhook = await Subscribe();
        await At(0).Post(Event(1, "ann"), default);

        Assert.Equal(1, Assert.Single(await At(0).Take(webhook, 9, Lease, default)).Attempts);
        Assert.Empty(await At(29).Take(webhook, 9, Lease, default));
        Assert.Equal(2, Assert.Single(await At(30).Take(webhook, 9, Lease, default)).Attempts);
    }

    [Fact]
    public async Task Many_that_take_at_once_never_get_the_same()
    {
        var webhook = await Subscribe();
        for (var number = 1; number <= 200; number++) await At(0).Post(Event(number, "ann"), default);

        var taken = new List<long>();
        while (true)
        {
            var round = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => At(0).Take(webhook, 7, Lease, default))));
            taken.AddRange(round.SelectMany(deliveries => deliveries).Select(delivery => delivery.DeliveryId));
            if (round.All(deliveries => deliveries.Count == 0)) break;
        }
        Assert.Equal((200, 200), (taken.Count, taken.Distinct().Count()));
    }

    [Fact]
    public async Task Who_was_too_slow_has_no_say_any_more_unless_it_was_delivered()
    {
        var webhook = await Subscribe();
        await At(0).Post(Event(1, "ann"), default);
        var slow = Assert.Single(await At(0).Take(webhook, 9, Lease, default));
        var quick = Assert.Single(await At(30).Take(webhook, 9, Lease, default));

        Assert.Equal(0, await At(31).GiveUp(slow, Answer.None("too late"), default));
        Assert.Equal(0, await At(31).TryLater(slow, Answer.None("too late"), TimeSpan.Zero, default));
        Assert.Equal(1, await At(31).TryLater(quick, Answer.None("later"), TimeSpan.FromMinutes(1), default));
        Assert.Empty(await At(90).Take(webhook, 9, Lease, default));
        Assert.Equal(1, await At(31).Delivered(slow, new Answer(200, null), default));
        Assert.Empty(await At(900).Take(webhook, 9, Lease, default));
    }

    [Fact]
    public async Task Old_deliveries_are_forgotten_and_what_still_may_be_sent_is_not()
    {
        var (kept, off) = (await Subscribe(), await Subscribe());
        await At(0).Post(Event(1, "ann"), default);
        await At(0).Delivered(Assert.Single(await At(0).Take(kept, 1, Lease, default)), new Answer(200, null), default);
        await At(1).Post(Event(2, "ann"), default);
        await new SubscriptionStore(Ledger.Database).Disable(off, "a test", default);

        Assert.Equal(0, await At(0).Forget(Now, default));
        Assert.Equal(3, await At(0).Forget(Now.AddSeconds(2), default));
        Assert.Equal(1, await Ledger.Count("select count(*) from webhook_delivery"));
    }

    [Fact]
    public async Task No_more_than_so_many_subscriptions_are_taken_and_one_that_ends_takes_its_deliveries_along()
    {
        var first = await Subscribe();
        await Subscribe();
        await At(0).Post(Event(1, "ann"), default);
        var store = new SubscriptionStore(Ledger.Database);
        Assert.Equal(Change.Impossible, await store.Add(New(), most: 2, Act(), default));

        Assert.Equal(Change.Done, await store.Delete(first, _ => Act(), default));
        Assert.Equal(Change.Impossible, await store.Delete(first, _ => Act(), default));
        Assert.Equal(Change.Done, await store.Add(New(), most: 2, Act(), default));
        Assert.Equal(1, await Ledger.Count("select count(*) from webhook_delivery"));
        // What was not possible is no act.
        Assert.Equal(4, await Ledger.Count("select count(*) from operator_act"));
    }

    [Fact]
    public async Task An_act_that_cannot_be_logged_changes_no_subscription()
    {
        var webhook = await Subscribe();
        var store = new SubscriptionStore(Ledger.Database);
        var unsigned = Act() with { Actor = null! };

        await Assert.ThrowsAnyAsync<DbException>(() => store.Add(New(), most: 100, unsigned, default));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Enable(webhook, enabled: false, "a test", _ => unsigned, default));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Rotate(webhook, "plain:new", Now, unsigned, default));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Delete(webhook, _ => unsigned, default));

        Assert.Equal(1, await Ledger.Count("select count(*) from webhook_subscription"));
        Assert.Equal(1, await Ledger.Count("select count(*) from webhook_subscription where enabled and secret = 'plain:' and former_secret is null"));
    }

    [Fact]
    public async Task An_act_whose_change_cannot_be_written_is_not_in_the_log()
    {
        var subscription = New();
        var store = new SubscriptionStore(Ledger.Database);
        await store.Add(subscription, most: 100, Act(), default);

        await Assert.ThrowsAnyAsync<DbException>(() => store.Add(subscription, most: 100, Act(), default));

        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act"));
    }

    [Fact]
    public async Task Of_many_at_once_with_one_id_one_is_done_and_its_log_says_what_was_before()
    {
        var webhook = await Subscribe();
        var (store, act) = (new SubscriptionStore(Ledger.Database), Act());

        var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => store.Enable(webhook, enabled: false, "a test", before => act with { Subject = before.Enabled ? "was on" : "was off" }, default))));

        Assert.Single(done, change => change == Change.Done);
        Assert.Equal(5, done.Count(change => change == Change.Repeated));
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where operation_id = $1 and subject = 'was on'", act.OperationId));
    }

    [Fact]
    public async Task What_is_wrong_is_told_once_by_one_of_many_and_again_only_after_it_was_over()
    {
        async Task<int> Find(params string[] subjects)
        {
            var told = await Task.WhenAll(subjects.SelectMany(subject => Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
                Alerts(0).Raise("audit", subject, now => new AuditFailed { Invariant = subject, Violations = 2, Example = "account 7", OccurredAt = now }, default)))));
            return told.Count(first => first);
        }

        Assert.Equal(2, await Find("conservation", "free quota"));
        Assert.Equal(0, await Find("conservation", "free quota"));
        await Alerts(1).Clear("cache_drift", [], default);
        await Alerts(1).Clear("audit", ["conservation"], default);
        Assert.Equal(1, await Find("conservation", "free quota"));
        await Alerts(2).Clear("audit", [], default);
        Assert.Equal(2, await Find("conservation", "free quota"));

        var messages = (await Ledger.Outbox.Read()).Where(row => row.MessageType == "urn:message:Billing.Contracts:AuditFailed").ToList();
        Assert.Equal((5, 5), (messages.Count, messages.Select(row => row.MessageId).Distinct().Count()));
    }

    DeliveryStore At(int seconds) => new(Ledger.Database, Clock(seconds));

    // Each raising has a moment of its own.
    int _raisings;

    OperatorAlerts Alerts(int seconds) => new(Ledger.Database, Ledger.Outbox.Outbox, Clock(seconds * 1_000 + Interlocked.Increment(ref _raisings)));

    static FixedTime Clock(int seconds) => new(Now.AddSeconds(seconds));

    static WebhookEvent Event(int number, string? user) =>
        WebhookEvent.Of(Guid.Parse($"019ee4af-ff80-7000-8000-{number:D12}"), EventTypes.BalanceLow, user, Now, new { number });

    static Subscription New(string? user = null, string events = EventTypes.BalanceLow, bool enabled = true) => new()
    {
        WebhookId = Ids.WithTime(), Url = "https://example.com", Events = [events], UserId = user, Secret = "plain:", Enabled = enabled, CreatedAt = Now,
    };

    static OperatorAct Act() => new() { Kind = "a_test", OperationId = Ids.WithTime(), Actor = "eve", Reason = "a test", ActedAt = Now };

    async Task<Guid> Subscribe(string? user = null, string events = EventTypes.BalanceLow, bool enabled = true)
    {
        var subscription = New(user, events, enabled);
        Assert.Equal(Change.Done, await new SubscriptionStore(Ledger.Database).Add(subscription, most: 100, Act(), default));
        return subscription.WebhookId;
    }
}
