namespace Billing.Tests.Charging.Properties;

public sealed class EngineAgainstModel
{
    [Fact]
    public void Whatever_happens_in_whatever_batches_the_engine_decides_as_a_plain_model_does_one_by_one() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var (ledger, model) = (new PlainLedger(), new Model());
            foreach (var batch in Step.Batches(steps))
            {
                var outcomes = ledger.Apply(batch);
                Assert.Equal(batch.Select(model.Do), outcomes.Select(Said));
            }
            foreach (var (user, balance) in model.Balances) Assert.Equal(balance, ledger.Balance(user).Nanos);
            foreach (var ((user, service, month), used) in model.FreeUsed)
                Assert.Equal(used, ledger.FreeUnitsUsed(service, (month - 1) / 12, (month - 1) % 12 + 1, user));
        }, tests: 1_000);

    [Fact]
    public void A_batch_charges_the_same_as_its_usages_one_by_one_in_any_split_into_batches() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var (split, together, alone) = (new PlainLedger(), new PlainLedger(), new PlainLedger());
            var operations = steps.Select(step => step.Operation).ToArray();

            foreach (var batch in Step.Batches(steps)) split.Apply(batch);
            together.Apply(operations);
            foreach (var operation in operations) alone.Apply(operation);

            AssertSame(alone, split);
            AssertSame(alone, together);
        });

    [Fact]
    public void Duplicates_in_and_across_batches_change_nothing() =>
        Checked.Holds(Checked.Lists(Step.Usages), steps =>
        {
            var (once, often) = (new PlainLedger(), new PlainLedger());
            var batches = Step.Batches(steps).ToList();

            foreach (var batch in batches) once.Apply(batch);
            foreach (var batch in batches) often.Apply([.. batch, .. batch.Reverse()]);
            often.Apply([.. batches.SelectMany(batch => batch)]);
            foreach (var batch in batches.AsEnumerable().Reverse()) often.Apply(batch);

            AssertSame(once, often);
        });

    static string Said(Outcome outcome) => outcome switch
    {
        Charged charged => charged.Duplicate ? "charged again" : "charged",
        Entered entered => entered.Duplicate ? "entered again" : "entered",
        Refused refused => refused.Code,
        _ => outcome.GetType().Name,
    };

    static void AssertSame(PlainLedger expected, PlainLedger actual)
    {
        Assert.Equal(expected.Users.Order(), actual.Users.Order());
        foreach (var user in expected.Users) Assert.Equal((expected.Balance(user), expected.LastEntryNumber(user)), (actual.Balance(user), actual.LastEntryNumber(user)));
        Assert.Equal(Paid(expected), Paid(actual));
        Assert.Equal(expected.FreeQuotas.Where(quota => quota.Value.Used > 0).Select(quota => quota.Value.Used).Order(),
            actual.FreeQuotas.Where(quota => quota.Value.Used > 0).Select(quota => quota.Value.Used).Order());
    }

    static IEnumerable<(Guid, long, long, Money, Money, DateOnly)> Paid(PlainLedger ledger) => ledger.Records.Values.OrderBy(record => record.UsageId)
        .Select(record => (record.UsageId, record.EntryNumber, record.FreeUnits, record.Amount, record.BalanceAfter, record.QuotaMonth));
}
