using Billing.Tests.Http;
using Billing.TestSupport;
using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Broker;

/// <summary>The ledger's half of a recharge over the service's own in-memory bus.</summary>
public sealed class RechargeMessageTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>, IAsyncLifetime
{
    readonly RunningService _service = fixture.Service;
    RechargeListener _listener = null!;

    public async Task InitializeAsync() => _listener = await RechargeListener.Connect(Bus);

    public async Task DisposeAsync() => await _listener.DisposeAsync();

    [Fact]
    public async Task A_recharge_is_credited_once_and_told_with_the_same_message_id_whenever_it_is_asked_for()
    {
        var credit = Credit("credited");
        for (var i = 0; i < 3; i++) await Bus.Publish(credit);

        var told = await _listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId, times: 3);

        Assert.Equal(("credited", Money.Parse("20"), "USD", Money.Parse("20")), (told.UserId, told.Amount, told.Currency, told.Balance));
        Assert.All(_listener.Heard<AccountCredited>().Where(message => message.RechargeId == credit.RechargeId), again => Assert.Equal(told, again));
        Assert.Single(_listener.Ids<AccountCredited>(message => message.RechargeId == credit.RechargeId));
        Assert.Equal("20.00", await _service.Balance("credited"));
    }

    [Fact]
    public async Task Money_of_a_recharge_is_taken_back_in_parts_into_debt_if_need_be_and_never_more_than_was_credited()
    {
        var credit = Credit("refunded");
        await Bus.Publish(credit);
        await _listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId);
        await _service.Adjust("refunded", "-10");

        await Bus.Publish(Refund(credit, "re-1", "15"));
        var told = await _listener.WaitFor<CreditRefunded>(message => message.RechargeId == credit.RechargeId && message.RefundId == "re-1");
        await Bus.Publish(Refund(credit, "re-2", "15"));
        var refused = await _listener.WaitFor<RefundRefused>(message => message.RechargeId == credit.RechargeId);
        await Bus.Publish(Refund(credit, "re-1", "15"));
        await _listener.WaitFor<CreditRefunded>(message => message.RechargeId == credit.RechargeId && message.RefundId == "re-1", times: 2);

        Assert.Equal((Money.Parse("15"), Money.Parse("-5")), (told.Amount, told.Balance));
        Assert.Equal(("re-2", ErrorCodes.RefundExceedsCredit), (refused.RefundId, refused.Code));
        Assert.Single(_listener.Ids<CreditRefunded>(message => message.RechargeId == credit.RechargeId));
        Assert.Equal("-5.00", await _service.Balance("refunded"));
    }

    [Fact]
    public async Task A_recharge_id_with_another_user_or_amount_is_refused_and_a_refund_of_what_was_not_credited_too()
    {
        var credit = Credit("first");
        await Bus.Publish(credit);
        await _listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId);

        await Bus.Publish(credit with { UserId = "second" });
        await Bus.Publish(Refund(credit, "re-1", "1") with { UserId = "second" });

        Assert.Equal(ErrorCodes.OperationIdReused, (await _listener.WaitFor<CreditRefused>(message => message.RechargeId == credit.RechargeId)).Code);
        Assert.Equal(ErrorCodes.RechargeNotCredited, (await _listener.WaitFor<RefundRefused>(message => message.RechargeId == credit.RechargeId)).Code);
        Assert.Equal("20.00", await _service.Balance("first"));
    }

    [Theory]
    [InlineData("", "20", "USD", ErrorCodes.InvalidUserId)]
    [InlineData("ann", "0", "USD", ErrorCodes.InvalidAmount)]
    [InlineData("ann", "-20", "USD", ErrorCodes.InvalidAmount)]
    [InlineData("ann", "20", "EUR", ErrorCodes.CurrencyMismatch)]
    [InlineData("ann", "20", null, ErrorCodes.CurrencyMismatch)]
    public async Task What_makes_no_sense_is_refused_with_a_code(string user, string amount, string? currency, string code)
    {
        var credit = Credit(user, amount) with { Currency = currency! };
        await Bus.Publish(credit);
        await Bus.Publish(Refund(credit, "re-1", amount));

        Assert.Equal(code, (await _listener.WaitFor<CreditRefused>(message => message.RechargeId == credit.RechargeId)).Code);
        Assert.Equal(code, (await _listener.WaitFor<RefundRefused>(message => message.RechargeId == credit.RechargeId)).Code);
    }

    [Fact]
    public async Task Messages_with_missing_fields_are_refused_with_a_code_and_not_with_silence()
    {
        await Bus.Publish<CreditAccount>(new { });
        await Bus.Publish<RefundCredit>(new { });

        Assert.Equal(ErrorCodes.InvalidOperationId, (await _listener.WaitFor<CreditRefused>(message => message.RechargeId == Guid.Empty)).Code);
        Assert.Equal(ErrorCodes.InvalidOperationId, (await _listener.WaitFor<RefundRefused>(message => message.RechargeId == Guid.Empty)).Code);
    }

    IBus Bus => _service.Services.GetRequiredService<IBus>();

    CreditAccount Credit(string user, string amount = "20") => new() { RechargeId = Guid.CreateVersion7(_service.Now), UserId = user, Amount = Money.Parse(amount), Currency = "USD" };

    static RefundCredit Refund(CreditAccount credit, string id, string amount) =>
        new() { RechargeId = credit.RechargeId, RefundId = id, UserId = credit.UserId, Amount = Money.Parse(amount), Currency = credit.Currency };
}
