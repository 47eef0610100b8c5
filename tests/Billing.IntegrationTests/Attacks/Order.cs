using System.Text.Json;
using Billing.Service.Charging;

namespace Billing.IntegrationTests.Attacks;

/// <summary>A recharge of 10.00 USD that somebody ordered, and what is told of it through one door.</summary>
sealed class Order(AttackedService running, Auditor auditor, Door door)
{
    public const string Amount = "10.00";

    public string User { get; } = Ids.User("payer");
    public Guid Id { get; private set; }
    public string Payment { get; } = $"pay-{Ids.WithoutTime():N}";

    /// <summary>Ordered, and with a pay URL unless that is still to come.</summary>
    public static async Task<Order> Place(AttackedService running, Auditor auditor, Door door, bool withPayUrl = true)
    {
        var order = new Order(running, auditor, door);
        var (status, answer) = await running.Http("POST", $"/v1/accounts/{order.User}/recharges", running.KeyOf("web"), new { amount = Amount, channel = "card", idempotencyKey = "one" });
        Assert.True(status is 201 or 202, $"{status} {answer}");
        order.Id = Guid.Parse((await order.Eventually(RechargeStates.Pending)).GetProperty("rechargeId").GetString()!);
        if (!withPayUrl) return order;

        await order.Tell("created", new { rechargeId = order.Id, paymentId = order.Payment, payUrl = "https://pay.example/1" });
        await order.Eventually(RechargeStates.AwaitingPayment);
        return order;
    }

    public Task<int> Paid(object? amount = null, string currency = "USD", string? payment = null, Guid? recharge = null) =>
        Tell("succeeded", new { rechargeId = recharge ?? Id, paymentId = payment ?? Payment, amount = amount ?? Amount, currency });

    public Task<int> Failed() => Tell("failed", new { rechargeId = Id, paymentId = Payment, reason = "card_declined" });

    public Task<int> Refunded(string amount, string refund = "refund-1", string currency = "USD", string? payment = null, Guid? recharge = null) =>
        Tell("refunded", new { rechargeId = recharge ?? Id, paymentId = payment ?? Payment, refundId = refund, amount, currency });

    /// <summary>An operator's decision; null closes it.</summary>
    public async Task Resolved(string? credit)
    {
        var (status, answer) = await running.Http("POST", $"/v1/recharges/{Id}/resolution", running.KeyOf("admin"), new { credit, actor = "olga", reason = "a test" });
        Assert.True(status == 200, $"{status} {answer}");
    }

    /// <summary>As the payment service says it. The status over HTTP; 202 on the broker, which has confirmed it.</summary>
    public async Task<int> Tell(string what, object notice)
    {
        if (door == Door.Http) return (await running.Http("POST", $"/v1/payments/{what}", running.KeyOf("payment"), notice)).Status;
        var body = notice as string ?? JsonSerializer.Serialize(notice, JsonSerializerOptions.Web);
        await running.PaymentService.PublishTo($"Billing.Contracts:Payment{char.ToUpperInvariant(what[0])}{what[1..]}", "", System.Text.Encoding.UTF8.GetBytes(body));
        return 202;
    }

    /// <summary>The recharge once it is in this state.</summary>
    public Task<JsonElement> Eventually(string state) => TestSupport.Eventually.That(async () =>
    {
        var (_, list) = await running.Http("GET", $"/v1/accounts/{User}/recharges", running.KeyOf("web"));
        return list.GetProperty("items").EnumerateArray().SingleOrDefault();
    }, recharge => recharge.ValueKind == JsonValueKind.Object && recharge.GetProperty("state").GetString() == state, $"the recharge is {state}");

    /// <summary>What it must come to, once all is acted upon: the state, what was credited and taken back, and what lies with the operators.</summary>
    public async Task EndsAs(string state, string credited = "0.00", string refunded = "0.00", params string[] unmatched)
    {
        var recharge = await Eventually(state);
        await running.IsQuiet();
        recharge = await Eventually(state);
        Assert.Equal((credited, refunded), (recharge.GetProperty("credited").GetString(), recharge.GetProperty("refunded").GetString()));
        Assert.Equal(unmatched.Order(), (await Unmatched()).Order());
        if (Money.Parse(credited) > Money.Zero) auditor.Entered(EntryKind.Credit, Id, User, Money.Parse(credited));
        Assert.Equal(Money.Parse(credited).Nanos, await running.Count("select coalesce(sum(amount_nanos), 0) from ledger_entry where recharge_id = $1 and kind = 1", Id));
        Assert.Equal(-Money.Parse(refunded).Nanos, await running.Count("select coalesce(sum(amount_nanos), 0) from ledger_entry where recharge_id = $1 and kind = 2", Id));
        await using var command = running.Database.CreateCommand("select operation_id, amount_nanos from ledger_entry where recharge_id = $1 and kind = 2");
        command.Parameters.AddWithValue(Id);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) auditor.Entered(EntryKind.Refund, reader.GetGuid(0), User, new Money(reader.GetInt64(1)));
    }

    /// <summary>Why payments that name this recharge lie with the operators; what could not be read names it in its body.</summary>
    async Task<List<string>> Unmatched()
    {
        await using var command = running.Database.CreateCommand("select reason from recharges.unmatched_payments where recharge_id = $1 or body like $2");
        command.Parameters.AddWithValue(Id);
        command.Parameters.AddWithValue($"%{Id}%");
        await using var reader = await command.ExecuteReaderAsync();
        var reasons = new List<string>();
        while (await reader.ReadAsync()) reasons.Add(reader.GetString(0));
        return reasons;
    }
}
