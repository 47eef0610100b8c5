using System.Numerics;
using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging.Properties;

public sealed class ReservationsAgainstModel
{
    [Fact]
    public void Reserved_used_extended_released_swept_in_any_order_the_engine_decides_as_a_plain_model_does() =>
        Checked.Holds(ReservationStep.Lists, steps =>
        {
            var (ledger, model) = (new PlainLedger(), new ReservationModel());
            foreach (var (now, batch) in ReservationStep.Batches(steps))
            {
                ledger.Now = now;
                Assert.Equal(batch.Select(operation => model.Do(operation, now)), ledger.Apply(batch).Select(Said));
                foreach (var (user, balance) in model.Balances)
                    Assert.Equal((balance, model.HeldMoney(user)), ((BigInteger)ledger.Balance(user).Nanos, (BigInteger)ledger.HeldMoney(user).Nanos));
            }
            foreach (var ((user, service, month), used) in model.FreeUsed)
                Assert.Equal(used, ledger.FreeUnitsUsed(service, (month - 1) / 12, (month - 1) % 12 + 1, user));
            foreach (var (key, quota) in ledger.FreeQuotas)
                Assert.Equal(model.HeldFree(ledger.UserOf(key.AccountId), ledger.ServiceOf(key.ServiceId), key.Month.Year * 12 + key.Month.Month), quota.Held);
        }, tests: 3_000);

    [Fact]
    public void In_whatever_batches_they_come_the_same_operations_hold_and_pay_the_same() =>
        Checked.Holds(ReservationStep.Lists, steps =>
        {
            var (together, alone) = (new PlainLedger(), new PlainLedger());
            foreach (var (now, batch) in ReservationStep.Batches(steps))
            {
                together.Now = alone.Now = now;
                together.Apply(batch);
                foreach (var operation in batch) alone.Apply(operation);
            }
            Assert.Equal(Holds(alone), Holds(together));
            foreach (var user in alone.Users) Assert.Equal((alone.Balance(user), alone.HeldMoney(user)), (together.Balance(user), together.HeldMoney(user)));
        }, tests: 1_000);

    [Fact]
    public void Once_every_time_to_settle_is_over_and_swept_nothing_is_held() =>
        Checked.Holds(ReservationStep.Lists, steps =>
        {
            var ledger = new PlainLedger();
            foreach (var (now, batch) in ReservationStep.Batches(steps))
            {
                ledger.Now = now;
                ledger.Apply(batch);
            }
            ledger.Now += TimeSpan.FromDays(1);
            foreach (var held in ledger.Reservations.Keys.ToList()) ledger.Apply(new SweepHold(held.ReservationId, ledger.UserOf(held.AccountId)));

            Assert.All(ledger.Users, user => Assert.Equal(Money.Zero, ledger.HeldMoney(user)));
            Assert.All(ledger.FreeQuotas.Values, quota => Assert.Equal(0, quota.Held));
        }, tests: 500);

    static string Said(Outcome outcome) => outcome switch
    {
        Charged charged => charged.Duplicate ? "charged again" : "charged",
        Entered entered => entered.Duplicate ? "entered again" : "entered",
        Reserved reserved => reserved.Duplicate ? "reserved again" : "reserved",
        Released released => released.Duplicate ? "released again" : "released",
        Refused refused => refused.Code,
        _ => outcome.GetType().Name,
    };

    static IEnumerable<(ReservationKey, Grant, Hold, Settled)> Holds(PlainLedger ledger) => ledger.Reservations.Values
        .OrderBy(held => held.Key.AccountId).ThenBy(held => held.Key.ReservationId).Select(held => (held.Key, held.Granted, held.Held, held.Settled));
}
