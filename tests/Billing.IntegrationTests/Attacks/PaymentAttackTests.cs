using System.Text;
using Billing.TestSupport.Access;
using Billing.TestSupport.Broker;
using RabbitMQ.Client.Exceptions;

namespace Billing.IntegrationTests.Attacks;

/// <summary>
/// Whatever is told of a payment, by whomever, through each door by which such a word can come in: no credit that must not be, every credit
/// that must, and a trace of what was not taken. Two instances share the work.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class PaymentAttackTests(AttackedService running) : IClassFixture<AttackedService>, IAsyncLifetime
{
    const int AccessRefused = 403;

    readonly Auditor _auditor = running.NewAuditor();

    public static TheoryData<Door, string> Attacks
    {
        get
        {
            var data = new TheoryData<Door, string>();
            foreach (var attack in PaymentAttacks.All)
            {
                foreach (var door in Enum.GetValues<Door>()) data.Add(door, attack.Name);
            }
            return data;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _auditor.Check();

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Ends_as_it_must(Door door, string attack)
    {
        var (_, happens, state, credited, refunded, unmatched) = PaymentAttacks.All.Single(one => one.Name == attack);
        var order = await Order.Place(running, _auditor, door);

        await happens(order);

        await order.EndsAs(state, credited, refunded, unmatched);
    }

    [Theory]
    [InlineData(Door.Broker, "\"-10.00\"")]
    [InlineData(Door.Http, "\"-10.00\"")]
    [InlineData(Door.Broker, "\"0.00\"")]
    [InlineData(Door.Http, "\"0.00\"")]
    [InlineData(Door.Broker, "\"9223372036.854775808\"")]
    [InlineData(Door.Http, "\"9223372036.854775808\"")]
    [InlineData(Door.Broker, "\"18446744083.709551616\"")]
    [InlineData(Door.Http, "\"18446744083.709551616\"")]
    [InlineData(Door.Broker, "10.00")]
    [InlineData(Door.Http, "10.00")]
    [InlineData(Door.Broker, "\"1e1\"")]
    [InlineData(Door.Http, "\"1e1\"")]
    [InlineData(Door.Broker, "\"10.0000000001\"")]
    [InlineData(Door.Http, "\"10.0000000001\"")]
    [InlineData(Door.Broker, "\"10,00\"")]
    [InlineData(Door.Http, "\"10,00\"")]
    [InlineData(Door.Broker, "\"NaN\"")]
    [InlineData(Door.Http, "\"NaN\"")]
    [InlineData(Door.Broker, "{\"$numberDecimal\":\"10.00\"}")]
    [InlineData(Door.Http, "{\"$numberDecimal\":\"10.00\"}")]
    [InlineData(Door.Broker, "null")]
    [InlineData(Door.Http, "null")]
    public async Task An_amount_that_is_none_credits_nothing_and_is_kept_or_refused(Door door, string amount)
    {
        var order = await Order.Place(running, _auditor, door);

        var status = await order.Tell("succeeded", $$"""{"rechargeId":"{{order.Id}}","paymentId":"{{order.Payment}}","amount":{{amount}},"currency":"USD"}""");

        Assert.Equal(door == Door.Http ? 400 : 202, status);
        await order.EndsAs(RechargeStates.AwaitingPayment, unmatched: door == Door.Http ? [] : [RechargeReasons.InvalidNotification]);
        await order.Paid();
        await order.EndsAs(RechargeStates.Completed, Order.Amount, "0.00", door == Door.Http ? [] : [RechargeReasons.InvalidNotification]);
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task A_payment_pays_one_order_and_no_other(Door door)
    {
        var (paid, other, unannounced) = (await Order.Place(running, _auditor, door), await Order.Place(running, _auditor, door), await Order.Place(running, _auditor, door, withPayUrl: false));
        await paid.Paid();
        await paid.EndsAs(RechargeStates.Completed, Order.Amount);

        await other.Paid(payment: paid.Payment);
        await unannounced.Paid(payment: paid.Payment);

        await other.EndsAs(RechargeStates.NeedsReview);
        await unannounced.EndsAs(RechargeStates.NeedsReview);
        // Not even an operator credits it a second time.
        var (status, answer) = await running.Http("POST", $"/v1/recharges/{unannounced.Id}/resolution", running.KeyOf("admin"), new { credit = Order.Amount, actor = "olga", reason = "a test" });
        Assert.Equal((409, ErrorCodes.PaymentCredited), (status, answer.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task One_payment_that_claims_many_orders_at_once_is_credited_once(Door door)
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Order.Place(running, _auditor, door, withPayUrl: false)));

        await Task.WhenAll(orders.Select(order => order.Paid(payment: orders[0].Payment)));

        await running.IsQuiet();
        var credited = new List<Order>();
        foreach (var order in orders)
        {
            if (await running.Count("select count(*) from ledger_entry where recharge_id = $1", order.Id) > 0) credited.Add(order);
        }
        await Assert.Single(credited).EndsAs(RechargeStates.Completed, Order.Amount);
        foreach (var order in orders.Except(credited)) await order.EndsAs(RechargeStates.NeedsReview);
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task The_user_is_the_one_who_ordered_whatever_the_notification_says(Door door)
    {
        var (order, mallory) = (await Order.Place(running, _auditor, door), Ids.User("mallory"));

        await order.Tell("succeeded", new { rechargeId = order.Id, paymentId = order.Payment, amount = Order.Amount, currency = "USD", userId = mallory, user = mallory, accountId = 1, credit = "99.00", isAdmin = true });

        await order.EndsAs(RechargeStates.Completed, Order.Amount);
        Assert.Equal(0, await running.Count("select count(*) from account where user_id = $1", mallory));
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task Money_and_chargebacks_of_an_order_that_nobody_knows_lie_with_the_operators_once(Door door)
    {
        var order = await Order.Place(running, _auditor, door);
        var nobodys = Ids.WithTime();

        for (var i = 0; i < 3; i++)
        {
            await order.Paid(recharge: nobodys);
            await order.Refunded("5.00", recharge: nobodys);
        }

        await Eventually.That(() => running.Count("select count(*) from recharges.unmatched_payments where recharge_id = $1 and reason = 'unknown_recharge'", nobodys), kept => kept == 2, "both are kept");
        await order.EndsAs(RechargeStates.AwaitingPayment);
        Assert.Equal(2, await running.Count("select count(*) from recharges.unmatched_payments where recharge_id = $1", nobodys));
    }

    [Theory]
    [InlineData(Door.Broker)]
    [InlineData(Door.Http)]
    public async Task Told_again_after_an_instance_was_started_anew_nothing_is_credited_again(Door door)
    {
        var order = await Order.Place(running, _auditor, door);
        await order.Paid();
        await order.EndsAs(RechargeStates.Completed, Order.Amount);

        await running.RestartOther();
        await order.Paid();
        await order.Paid();

        await order.EndsAs(RechargeStates.Completed, Order.Amount);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("web")]
    [InlineData("operator")]
    [InlineData("api-key-service")]
    public async Task Nobody_but_the_payment_service_says_on_the_broker_that_money_came(string role)
    {
        var order = await Order.Place(running, _auditor, Door.Broker);
        var address = role switch { "gateway" => running.Broker.AsGateway, "web" => running.Broker.AsWeb, "operator" => running.Broker.AsOperator, _ => running.Broker.AsApiKeyService };
        var body = Encoding.UTF8.GetBytes($$"""{"rechargeId":"{{order.Id}}","userId":"{{order.User}}","paymentId":"{{order.Payment}}","amount":"10.00","currency":"USD"}""");

        foreach (var (exchange, queue) in new[] { ("Billing.Contracts:PaymentSucceeded", ""), ("Billing.Contracts:CreditAccount", ""), ("Billing.Contracts:AccountCredited", ""), ("billing-payment-succeeded", ""), ("billing-recharges", ""), ("billing-credit-account", ""), ("", "billing-payment-succeeded"), ("", "billing-recharges"), ("", "billing-credit-account") })
        {
            await using var forger = await Publisher.Connect(address);
            var refused = await Assert.ThrowsAnyAsync<OperationInterruptedException>(() => forger.PublishTo(exchange, queue, body));
            Assert.Equal(AccessRefused, refused.ShutdownReason!.ReplyCode);
        }
        await order.EndsAs(RechargeStates.AwaitingPayment);
    }

    [Fact]
    public async Task Nobody_without_a_key_of_the_payment_service_says_over_HTTP_that_money_came()
    {
        var order = await Order.Place(running, _auditor, Door.Http);
        var notice = new { rechargeId = order.Id, paymentId = order.Payment, amount = Order.Amount, currency = "USD" };
        var right = running.KeyOf("payment");
        var bound = await TestKeys.Make(running.Service, "web", order.User);
        string?[] forged = [null, "", " ", "null", "undefined", right[..^1], $"{right}x", right.ToUpperInvariant(), right[..right.LastIndexOf('_')], $"{right[..right.LastIndexOf('_')]}_", running.KeyOf("gateway"), running.KeyOf("web"), running.KeyOf("admin"), bound];

        foreach (var key in forged)
        {
            foreach (var what in (string[])["succeeded", "created", "failed", "refunded"])
            {
                var (status, _) = await running.Http("POST", $"/v1/payments/{what}", key, notice);
                Assert.True(status is 401 or 403 or 429, $"{what} with '{key}': {status}");
            }
        }
        await order.EndsAs(RechargeStates.AwaitingPayment);
        await order.Paid();
        await order.EndsAs(RechargeStates.Completed, Order.Amount);
    }
}
