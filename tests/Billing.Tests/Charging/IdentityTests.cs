namespace Billing.Tests.Charging;

public sealed class IdentityTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void A_usage_that_comes_again_is_a_duplicate_and_gets_the_first_ones_result()
    {
        var usage = Shop.Usage(Shop.Ocr, 3);
        var first = _ledger.Charge(usage);
        var second = _ledger.Charge(usage);

        Assert.False(first.Duplicate);
        Assert.True(second.Duplicate);
        Assert.Equal(first.Record, second.Record);
        Assert.Equal(Money.Parse("-0.03"), _ledger.Balance());
    }

    [Fact]
    public void A_usage_that_comes_twice_in_one_batch_is_charged_once()
    {
        var usage = Shop.Usage(Shop.Ocr);

        var outcomes = _ledger.Apply(new ChargeUsage(usage), new ChargeUsage(usage), new DeductUsage(usage, Shop.Now.AddSeconds(1)));

        Assert.Equal([false, true, true], outcomes.Select(outcome => Assert.IsType<Charged>(outcome).Duplicate));
        Assert.Equal(Money.Parse("-0.01"), _ledger.Balance());
    }

    [Fact]
    public void An_id_without_a_time_in_it_is_recognised_just_the_same()
    {
        var usage = Shop.Usage(Shop.Ocr, id: Shop.NewIdWithoutTime());
        _ledger.Charge(usage);
        _ledger.Now = Shop.Now.AddDays(3);

        Assert.True(_ledger.Charge(usage).Duplicate);
    }

    [Fact]
    public void Deductions_and_usage_messages_share_their_ids()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var usage = Shop.Usage(Shop.Ocr);

        Assert.False(Assert.IsType<Charged>(_ledger.Deduct(usage)).Duplicate);
        Assert.True(_ledger.Charge(usage).Duplicate);
        Assert.Equal(Money.Parse("0.99"), _ledger.Balance());
    }

    public static readonly TheoryData<string> Changes = ["user", "service", "quantity", "time"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void The_same_id_with_other_content_is_refused_and_the_first_stands(string change)
    {
        var id = Shop.NewId();
        var first = Shop.Usage(Shop.Ocr, 2, id: id);
        var other = change switch
        {
            "user" => Shop.Usage(Shop.Ocr, 2, id: id, user: "bob"),
            "service" => Shop.Usage(Shop.Token, 2, id: id),
            "quantity" => Shop.Usage(Shop.Ocr, 3, id: id),
            _ => Shop.Usage(Shop.Ocr, 2, id: id, at: Shop.Now.AddMicroseconds(1)),
        };
        _ledger.Charge(first);

        Assert.Equal(ErrorCodes.UsageIdReused, _ledger.Refuse(new ChargeUsage(other)));
        Assert.Equal(ErrorCodes.UsageIdReused, _ledger.Refuse(new DeductUsage(other, Shop.Now.AddSeconds(1))));
        Assert.Equal(Money.Parse("-0.02"), _ledger.Balance());
        // Both doors show it to an operator.
        Assert.Equal([ErrorCodes.UsageIdReused, ErrorCodes.UsageIdReused], _ledger.Rejections.Select(rejection => rejection.Refusal.Code));
        Assert.True(_ledger.Charge(first).Duplicate);
    }

    [Fact]
    public void In_one_batch_too_the_first_content_of_an_id_stands()
    {
        var id = Shop.NewId();

        var outcomes = _ledger.Apply(new ChargeUsage(Shop.Usage(Shop.Ocr, 1, id: id)), new ChargeUsage(Shop.Usage(Shop.Ocr, 2, id: id)));

        Assert.IsType<Charged>(outcomes[0]);
        Assert.Equal(ErrorCodes.UsageIdReused, Assert.IsType<Refused>(outcomes[1]).Code);
        Assert.Equal(Money.Parse("-0.01"), _ledger.Balance());
    }

    [Fact]
    public void A_redelivery_of_charged_usage_is_a_duplicate_and_never_too_old()
    {
        var usage = Shop.Usage(Shop.Ocr);
        _ledger.Charge(usage);
        _ledger.Now = Shop.Now.AddDays(200);

        Assert.True(_ledger.Charge(usage).Duplicate);
        Assert.True(Assert.IsType<Charged>(_ledger.Deduct(usage, Shop.Now)).Duplicate); // its deadline is long past, too
        Assert.Equal(ErrorCodes.UsageIdReused, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Ocr, 2, id: usage.UsageId))));
    }

    [Fact]
    public void A_refusal_is_not_stored_and_the_same_id_may_succeed_later()
    {
        var usage = Shop.Usage(Shop.Ocr);
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(usage)).Code);

        _ledger.Apply(new CreditRecharge(Shop.NewId(), "ann", Money.Parse("1")));

        Assert.False(Assert.IsType<Charged>(_ledger.Deduct(usage)).Duplicate);
        Assert.Equal(Money.Parse("0.99"), _ledger.Balance());
    }

    [Fact]
    public void A_corrected_resend_of_a_rejected_id_is_charged()
    {
        var id = Shop.NewId();
        Assert.Equal(ErrorCodes.CostNotAllowed, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Ocr, cost: "1", id: id))));

        Assert.False(_ledger.Charge(Shop.Usage(Shop.Ocr, id: id)).Duplicate);
    }

    [Fact]
    public void A_record_lies_in_the_day_of_its_ids_time_or_else_in_the_day_of_its_charge()
    {
        var yesterday = Guid.CreateVersion7(Shop.Now.AddDays(-1));

        Assert.Equal(new DateOnly(2026, 6, 19), _ledger.Charge(Shop.Usage(id: yesterday)).Record.Day);
        Assert.Equal(new DateOnly(2026, 6, 20), _ledger.Charge(Shop.Usage(id: Shop.NewIdWithoutTime(), at: Shop.Now.AddDays(-1))).Record.Day);
    }
}
