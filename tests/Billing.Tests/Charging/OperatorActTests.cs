namespace Billing.Tests.Charging;

/// <summary>What people do, and what the log says of it.</summary>
public sealed class OperatorActTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void Acts_are_logged_with_who_why_when_and_what_was_before_and_after()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var adjust = new AdjustFunds(Shop.NewId(), "ann", Money.Parse("2.5"), "eve", "goodwill");
        _ledger.Apply(adjust, adjust);

        var act = Assert.Single(_ledger.Acts.Values);
        Assert.Equal((ActKinds.AdjustBalance, adjust.AdjustmentId, _ledger.AccountId(), "eve", "goodwill", Shop.Now),
            (act.Kind, act.OperationId, act.AccountId, act.Actor, act.Reason, act.ActedAt));
        Assert.Equal(new OperatorActChange { Name = "balance", Before = "1.00", After = "3.50" }, Assert.Single(act.Changes));
    }

    [Fact]
    public void What_is_refused_is_not_logged()
    {
        var adjust = new AdjustFunds(Shop.NewId(), "ann", Money.Parse("9223372036.8"), "eve", "test");
        _ledger.Apply(adjust);
        _ledger.Refuse(adjust with { AdjustmentId = Shop.NewId() });
        _ledger.Refuse(adjust with { Amount = Money.Parse("1") });
        _ledger.Refuse(new GiveBackUsage(Shop.NewId(), "ann", "eve", "test"));

        Assert.Equal(adjust.AdjustmentId, Assert.Single(_ledger.Acts.Values).OperationId);
    }

    [Fact]
    public void An_overdraft_limit_makes_more_available_and_moves_no_money()
    {
        _ledger.Open("ann", Money.Parse("-1"));
        var outcome = _ledger.Apply(new LimitOverdraft(Shop.NewId(), "ann", Money.Parse("3"), "eve", "test"))[0];

        Assert.Equal(new OverdraftLimited(Money.Zero, Money.Parse("3"), Money.Parse("2"), Duplicate: false), outcome);
        Assert.Equal((Money.Parse("-1"), 0), (_ledger.Balance(), _ledger.LastEntryNumber()));
        Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(Shop.Ocr, 200)));
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(Shop.Ocr))).Code);
    }

    [Fact]
    public void A_lower_limit_leaves_debt_as_it_is_and_never_takes_funds_from_under_a_hold()
    {
        _ledger.Open("ann", Money.Parse("-1"), overdraftLimit: Money.Parse("5"));
        _ledger.Open("bob", Money.Parse("1"), overdraftLimit: Money.Parse("5"), held: Money.Parse("4"));

        Assert.Equal(Money.Parse("-1"), Assert.IsType<OverdraftLimited>(_ledger.Apply(Limit("ann", "0"))[0]).Available);
        Assert.Equal(ErrorCodes.InsufficientFunds, _ledger.Refuse(Limit("bob", "2.99")));
        Assert.Equal(Money.Zero, Assert.IsType<OverdraftLimited>(_ledger.Apply(Limit("bob", "3"))[0]).Available);

        static LimitOverdraft Limit(string user, string limit) => new(Shop.NewId(), user, Money.Parse(limit), "eve", "test");
    }

    [Fact]
    public void The_same_limit_twice_in_one_batch_is_set_once()
    {
        var limit = new LimitOverdraft(Shop.NewId(), "ann", Money.Parse("3"), "eve", "test");
        var outcomes = _ledger.Apply(limit, limit, limit with { Limit = Money.Parse("4") });

        Assert.Equal((false, true), (Assert.IsType<OverdraftLimited>(outcomes[0]).Duplicate, Assert.IsType<OverdraftLimited>(outcomes[1]).Duplicate));
        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>(outcomes[2]).Code);
        Assert.Single(_ledger.Acts);
    }

    [Fact]
    public void A_retry_that_is_past_the_limit_of_money_moves_nothing_and_stays_open()
    {
        var retry = Retry(Shop.Usage(Shop.Dear, 2));

        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(retry));
        Assert.Equal(new RetriedUsage(7, ErrorCodes.AmountOverflow, Resolved: false), _ledger.Retries[7]);
        Assert.Empty(_ledger.Rejections);
        Assert.Empty(_ledger.Acts);
    }

    [Fact]
    public void Of_two_retries_in_one_batch_the_row_tells_of_the_one_that_charged()
    {
        var usage = Shop.Usage(Shop.Ocr);
        var outcomes = _ledger.Apply(Retry(usage), Retry(usage));

        Assert.Equal([false, true], outcomes.Select(outcome => Assert.IsType<Charged>(outcome).Duplicate));
        Assert.Equal((RetriedUsage.Charged, Money.Parse("-0.01")), (_ledger.Retries[7].Outcome, _ledger.Balance()));
    }

    [Fact]
    public void A_retry_of_an_id_that_other_content_has_taken_is_settled_and_the_first_stands()
    {
        var usage = Shop.Usage(Shop.Ocr);
        _ledger.Charge(usage);

        Assert.Equal(ErrorCodes.UsageIdReused, _ledger.Refuse(Retry(Shop.Usage(Shop.Ocr, 2, id: usage.UsageId))));
        Assert.Equal(new RetriedUsage(7, ErrorCodes.UsageIdReused, Resolved: true), _ledger.Retries[7]);
        Assert.Equal(Money.Parse("-0.01"), _ledger.Balance());
    }

    [Fact]
    public void An_act_of_many_transactions_is_logged_once_and_a_repeat_finds_the_first()
    {
        var log = new LogAct(ActKinds.RetryRejected, Shop.NewId(), "all", "eve", "test", [new() { Name = "tried", After = "3" }]);
        var first = Assert.IsType<Logged>(_ledger.Apply(log)[0]);
        var again = Assert.IsType<Logged>(_ledger.Apply(log with { Changes = [] })[0]);

        Assert.Equal((false, true, first.Act), (first.Duplicate, again.Duplicate, again.Act));
    }

    static RetryUsage Retry(Usage usage) => new(7, usage, Shop.NewId(), "eve", "test");
}
