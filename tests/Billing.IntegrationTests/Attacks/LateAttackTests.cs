using System.Text;
using System.Text.Json;

namespace Billing.IntegrationTests.Attacks;

/// <summary>The attacked service, whose recharges expire after a second.</summary>
public sealed class HastyService(Servers servers) : AttackedService(servers)
{
    protected override string[] Times => ["Recharges:ExpiresAfter=00:00:02", "Recharges:QueryBeforeExpiry=00:00:01"];
}

/// <summary>Money that comes after the recharge has expired, and word of it that never came.</summary>
[Collection(ServersCollection.Name)]
public sealed class LateAttackTests(HastyService running) : IClassFixture<HastyService>, IAsyncLifetime
{
    readonly Auditor _auditor = running.NewAuditor();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _auditor.Check();

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task Paid_after_it_expired_it_is_credited_once_and_marked_late(Door door)
    {
        var order = await Order.Place(running, _auditor, door, withPayUrl: false);
        await order.Eventually(RechargeStates.Expired);

        await Task.WhenAll(order.Paid(), order.Paid(), order.Failed());

        await order.EndsAs(RechargeStates.Completed, Order.Amount);
        Assert.True((await order.Eventually(RechargeStates.Completed)).GetProperty("late").GetBoolean());
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task Another_amount_after_it_expired_is_looked_at_by_an_operator(Door door)
    {
        var order = await Order.Place(running, _auditor, door, withPayUrl: false);
        await order.Eventually(RechargeStates.Expired);

        await order.Paid("1.00");
        await order.EndsAs(RechargeStates.NeedsReview);
        await order.Resolved("1.00");

        await order.EndsAs(RechargeStates.Completed, "1.00");
    }

    [Fact]
    public async Task A_notification_that_was_lost_comes_back_because_the_payment_service_is_asked()
    {
        var order = await Order.Place(running, _auditor, Door.Broker, withPayUrl: false);

        var asked = await Eventually.That(async () => await running.PaymentService.Channel.BasicGetAsync("payment-service", autoAck: true) is { } message
            && Encoding.UTF8.GetString(message.Body.Span) is var text && text.Contains("QueryPayment", StringComparison.Ordinal) && text.Contains(order.Id.ToString(), StringComparison.Ordinal) ? text : null,
            found => found is not null, "the payment service is asked how it stands");

        var id = JsonElement.Parse(asked!).GetProperty("message").GetProperty("rechargeId").GetGuid();
        await order.Paid(recharge: id);
        await order.EndsAs(RechargeStates.Completed, Order.Amount);
    }
}
