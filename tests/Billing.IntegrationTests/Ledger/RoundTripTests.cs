using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Postgres;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

/// <summary>A batch costs the same few round trips to the database however many usages are in it: counted on the wire.</summary>
[Collection(ServersCollection.Name)]
public sealed class RoundTripTests(PostgresLedger postgres) : IClassFixture<PostgresLedger>
{
    const int RoundTripsMax = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    public async Task A_batch_needs_at_most_six_whatever_is_in_it(int usages)
    {
        await using var proxy = new RoundTripProxy(postgres.Ledger.ConnectionString);
        await using var source = PostgresConnections.ForCharging(proxy.ConnectionString);
        var store = new PostgresLedgerStore(source, postgres.Ledger.Outbox.Outbox);
        var writer = new LedgerWriter(store, postgres.Ledger.Rules);
        var auditor = new Auditor(postgres.Ledger.Database);
        await store.Ping(default);

        var users = Enumerable.Range(0, Math.Max(1, usages / 10)).Select(number => Ids.User($"trip{number}")).ToArray();
        var heavy = Ids.User("heavy");
        var first = Batch(auditor, users, usages);
        var counted = new Dictionary<string, long>
        {
            ["new users"] = await Count(first),
            ["known users"] = await Count(Batch(auditor, users, usages)),
            ["duplicates"] = await Count(first),
            ["reservations"] = await Count([.. Reservations(users)]),
            ["everything"] = await Count([.. Batch(auditor, users, usages), .. Corrections(auditor, first, users[0])]),
            ["new user with many"] = await Count(Batch(auditor, [heavy], (int)RollUps.EntriesMin)),
            ["roll-ups begin"] = await Count(Batch(auditor, [heavy], 1)),
            ["roll-ups"] = await Count(Batch(auditor, [heavy], usages)),
        };

        Assert.All(counted, count => Assert.InRange(count.Value, 1, RoundTripsMax));
        Assert.Equal(new Dictionary<string, long> { ["new users"] = 3, ["known users"] = 2, ["duplicates"] = 2, ["reservations"] = 2, ["everything"] = 4, ["new user with many"] = 3, ["roll-ups begin"] = 2, ["roll-ups"] = 2 }, counted);
        await auditor.Check();

        async Task<long> Count(Operation[] batch)
        {
            var before = proxy.RoundTrips;
            Assert.DoesNotContain(await writer.Apply(batch, default), outcome => outcome is Refused { Code: not ErrorCodes.UnknownService });
            return proxy.RoundTrips - before;
        }
    }

    static Operation[] Batch(Auditor auditor, string[] users, int usages) =>
    [
        .. Enumerable.Range(0, usages).Select(number =>
        {
            var usage = TestUsage.Of(users[number % users.Length], number % 2 == 0 ? TestCatalogue.Image : TestCatalogue.Search);
            return auditor.Charged(number % 3 == 0 ? usage with { UsageId = Ids.WithoutTime() } : usage).ToCharge();
        }),
    ];

    static IEnumerable<Operation> Reservations(string[] users)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var user in users)
        {
            var hold = new HoldFunds(Ids.WithTime(), user, TestCatalogue.Llm, 1, Money.Zero, TimeSpan.FromSeconds(30), now, now.AddMinutes(1));
            yield return hold;
            yield return new ReleaseHold(hold.ReservationId, user, null);
        }
    }

    /// <summary>A reversal that gives free units back, a credit and its refund, an adjustment, a rejection and a new user.</summary>
    static Operation[] Corrections(Auditor auditor, Operation[] earlier, string userId)
    {
        var reversed = ((ChargeUsage)earlier[0]).Usage;
        var credit = new CreditRecharge(Ids.WithTime(), userId, new Money(7));
        var adjustment = new AdjustFunds(Ids.WithTime(), userId, new Money(-3), "operator", "a test");
        var unknown = TestUsage.Of(userId, "no-such-service");
        auditor.Entered(EntryKind.Reversal, reversed.UsageId, userId, Money.Zero);
        auditor.Entered(EntryKind.Credit, credit.RechargeId, userId, credit.Amount);
        var refund = new TakeBackCredit(credit.RechargeId, "re-1", userId, new Money(2));
        auditor.Entered(EntryKind.Refund, refund.OperationId, userId, new Money(-2));
        auditor.Entered(EntryKind.Adjustment, adjustment.AdjustmentId, userId, adjustment.Amount);
        auditor.Rejected(unknown.UsageId.ToString(), ErrorCodes.UnknownService);
        return [new GiveBackUsage(reversed.UsageId, userId, "operator", "a test"), credit, refund, adjustment, unknown.ToCharge(), new OpenAccount(Ids.User("new"))];
    }
}
