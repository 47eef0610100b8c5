using System.Text.Json;

namespace Billing.Tests.Charging;

public sealed class RejectionTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void Refused_usage_is_not_lost_but_kept_with_its_reason_and_all_that_was_sent()
    {
        var usage = Shop.Usage(Shop.Ocr, 7, cost: "1.5");
        _ledger.Apply(new ChargeUsage(usage));

        var rejection = Assert.Single(_ledger.Rejections);
        Assert.Equal((usage.UsageId.ToString(), usage.ContentHash, "ann", Shop.Ocr), (rejection.UsageId, rejection.ContentHash, rejection.UserId, rejection.Service));
        Assert.Equal(ErrorCodes.CostNotAllowed, rejection.Refusal.Code);
        var sent = JsonDocument.Parse(rejection.Payload).RootElement;
        Assert.Equal((usage.UsageId, 7, "1.50"), (sent.GetProperty("usageId").GetGuid(), sent.GetProperty("quantity").GetInt64(), sent.GetProperty("cost").GetString()));
    }

    [Fact]
    public void One_bad_usage_never_sinks_its_neighbours()
    {
        var outcomes = _ledger.Apply(
            new ChargeUsage(Shop.Usage(Shop.Ocr)), new ChargeUsage(Shop.Usage("nothing")), new ChargeUsage(Shop.Usage(at: Shop.Now.AddDays(1))),
            new RecordRejection(RejectedUsage.OfRaw("x", null, null, "{}", new Refusal(ErrorCodes.InvalidUsageId, "no"))), new ChargeUsage(Shop.Usage(Shop.Ocr)));

        Assert.Equal([typeof(Charged), typeof(Refused), typeof(Refused), typeof(Refused), typeof(Charged)], outcomes.Select(outcome => outcome.GetType()));
        Assert.Equal([ErrorCodes.UnknownService, ErrorCodes.UsageInFuture, ErrorCodes.InvalidUsageId], _ledger.Rejections.Select(rejection => rejection.Refusal.Code));
        Assert.Equal(Money.Parse("-0.02"), _ledger.Balance());
    }

    [Fact]
    public void What_cannot_be_kept_in_a_database_is_replaced_in_the_names_of_a_rejection()
    {
        var rejection = RejectedUsage.OfRaw("a\0b" + new string('x', 500), "half \ud83d", "bell \u0007", "{}", new Refusal(ErrorCodes.InvalidUsageId, "no"));

        Assert.Equal(("a?b" + new string('x', 125), "half ?", "bell ?"), (rejection.UsageId, rejection.UserId, rejection.Service));
    }
}
