using Billing.Service.Audit;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Catalogues;

/// <summary>The catalogue changed while several instances charge by it, whatever database is below it. Each test has services of its own and ends with the audit.</summary>
public abstract class CatalogueCompliance : IAsyncLifetime
{
    static readonly DateTimeOffset FarAhead = new(2900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    Rules _rules = null!;

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        _rules = await Ledger.NewRules();
    }

    public async Task DisposeAsync()
    {
        try
        {
            Assert.All((await AuditRun.Execute(Ledger.Database, publishedFile: null, default)).Invariants, invariant => Assert.True(invariant.Violations == 0, string.Join("; ", invariant.Examples)));
        }
        finally
        {
            await CloseLedger();
        }
    }

    [Fact]
    public async Task A_service_is_unknown_until_it_is_registered_and_then_known_at_once_to_an_instance_that_has_the_old_catalogue()
    {
        var elsewhere = Ledger.NewWriter(await Ledger.NewRules());
        var usage = TestUsage.Of(Ids.User("early"), NewName(), 3);
        Assert.Equal(ErrorCodes.UnknownService, Assert.IsType<Refused>((await elsewhere.Apply([usage.ToCharge()], default))[0]).Code);

        Assert.True((await Changes().Register(Service(usage.Service, "0.5", freeUnits: 2), default)).Registered);
        // It occurred before the service was there: its first price and free quota hold from the beginning.
        var record = Assert.IsType<Charged>((await elsewhere.Apply([usage.ToCharge()], default))[0]).Record;
        Assert.Equal((2, Money.Parse("0.5"), 1), (record.FreeUnits, record.Amount, record.PriceVersion));
    }

    [Fact]
    public async Task A_batch_is_never_priced_by_an_old_catalogue_on_any_instance()
    {
        var (name, user) = (NewName(), Ids.User("priced"));
        await Changes().Register(Service(name, "1"), default);
        var writers = new[] { Ledger.NewWriter(await Ledger.NewRules()), Ledger.NewWriter(await Ledger.NewRules()) };
        foreach (var writer in writers) Assert.Equal(1, await VersionCharged(writer));

        var from = TestUsage.Of(user).OccurredAt;
        await Plan(name, new PriceVersion(2, new UnitPrice(Money.Parse("2"), 1), from));
        foreach (var writer in writers)
        {
            Assert.Equal(2, await VersionCharged(writer));
            Assert.Equal(1, await VersionCharged(writer, from.AddMicroseconds(-1)));
            Assert.Equal(2, await VersionCharged(writer, from));
        }

        async Task<int> VersionCharged(Billing.Service.Ledger.LedgerWriter writer, DateTimeOffset? at = null)
        {
            var usage = TestUsage.Of(user, name);
            return Assert.IsType<Charged>((await writer.Apply([(usage with { OccurredAt = at ?? usage.OccurredAt }).ToCharge()], default))[0]).Record.PriceVersion;
        }
    }

    [Fact]
    public async Task A_free_quota_that_an_old_catalogue_does_not_know_of_is_read_before_it_is_spent()
    {
        var (name, user) = (NewName(), Ids.User("quota"));
        await Changes().Register(Service(name, "1"), default);
        var (one, other) = (Ledger.NewWriter(await Ledger.NewRules()), Ledger.NewWriter(await Ledger.NewRules()));
        var month = _rules.Current.Calendar.MonthOf(Ledger.Now);
        await using (var transaction = await Ledger.NewCatalogue().Begin(default))
        {
            await transaction.AddFreeQuota(transaction.Catalogue.Find(name)!, new FreeQuotaVersion(1, 5, month), default);
            await transaction.Commit(default);
        }

        // The first writes the quota's row; the other, which believes that nothing is free, must find it.
        Assert.Equal(3, Assert.IsType<Charged>((await one.Apply([TestUsage.Of(user, name, 3).ToCharge()], default))[0]).Record.FreeUnits);
        Assert.Equal(2, Assert.IsType<Charged>((await other.Apply([TestUsage.Of(user, name, 3).ToCharge()], default))[0]).Record.FreeUnits);
    }

    [Fact]
    public async Task After_a_backup_was_restored_the_databases_catalogue_counts_though_its_version_is_lower()
    {
        var name = NewName();
        await Changes().Register(Service(name, "1"), default);
        var ahead = await Ledger.NewRules();
        ahead.Use(ahead.Current with { Catalogue = new Catalogue(ahead.Current.Catalogue.Version + 7, []) }, ahead.Currency);

        Assert.IsType<Charged>((await Ledger.NewWriter(ahead).Apply([TestUsage.Of(Ids.User("restored"), name).ToCharge()], default))[0]);
    }

    [Fact]
    public async Task Registering_the_same_again_changes_nothing_and_other_content_is_refused()
    {
        var service = Service(NewName(), "0.15", perUnits: 1_000, freeUnits: 7);
        var first = await Changes().Register(service, default);
        Assert.Equal((true, false, null), (first.Registered, first.Duplicate, first.Code));
        var version = await Version();

        foreach (var again in (IncomingService[])[service, service with { OperationId = Ids.WithTime(), Actor = "bob", Reason = "once more" }])
        {
            var answer = await Changes().Register(again, default);
            Assert.Equal((false, true, null), (answer.Registered, answer.Duplicate, answer.Code));
        }
        IncomingService[] others =
        [
            service with { OperationId = Ids.WithTime(), FreeUnits = 8 },
            service with { OperationId = Ids.WithTime(), Price = new IncomingUnitAmount { Amount = Money.Parse("0.16"), PerUnits = 1_000 } },
            service with { OperationId = Ids.WithTime(), Price = new IncomingUnitAmount { Amount = Money.Parse("0.15"), PerUnits = 1_001 } },
            service with { OperationId = Ids.WithTime(), PricedBy = "gateway", Price = null },
        ];
        foreach (var other in others) Assert.Equal(ErrorCodes.ServiceExists, (await Changes().Register(other, default)).Code);
        Assert.Equal(ErrorCodes.OperationIdReused, (await Changes().Register(service with { Service = NewName() }, default)).Code);
        Assert.Equal(version, await Version());

        // It stays the same registration after its price and quota have changed.
        Assert.True((await Changes().ChangePrice(Price(service.Service!, "9", FarAhead), default)).Changed);
        Assert.True((await Changes().ChangeFreeQuota(Quota(service.Service!, 9), default)).Changed);
        Assert.True((await Changes().Register(service with { OperationId = Ids.WithTime() }, default)).Duplicate);
        Assert.Equal(version + 2, await Version());
    }

    [Fact]
    public async Task A_price_is_a_new_version_at_least_60_seconds_ahead_and_after_all_others()
    {
        var name = NewName();
        await Changes().Register(Service(name, "1"), default);
        var before = Ledger.Now;
        var soon = (await Changes().ChangePrice(Price(name, "2"), default)).Price!;
        Assert.Equal((2L, Money.Parse("2"), 0L), (soon.Version, soon.Amount, soon.EffectiveFrom.Ticks % TimeSpan.TicksPerSecond));
        Assert.InRange(soon.EffectiveFrom, before.AddSeconds(60), before.AddSeconds(75));

        var tooEarly = await Changes().ChangePrice(Price(name, "3", Ledger.Now.AddSeconds(59)), default);
        Assert.Equal((ErrorCodes.EffectiveTooEarly, false), (tooEarly.Code, tooEarly.Changed));
        Assert.Contains("the earliest is", tooEarly.Detail);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, (await Changes().ChangePrice(Price(name, "3", soon.EffectiveFrom), default)).Code);
        var later = (await Changes().ChangePrice(Price(name, "0", soon.EffectiveFrom.AddSeconds(1)), default)).Price!;
        Assert.Equal((3L, Money.Zero), (later.Version, later.Amount));

        Assert.Equal([1L, 2L, 3L], (await Prices(name)).Select(price => price.Version));
        Assert.Equal([Money.Parse("1"), Money.Parse("2"), Money.Zero], (await Prices(name)).Select(price => price.Amount));
    }

    [Fact]
    public async Task A_change_repeated_returns_the_stored_result_and_its_id_cannot_mean_another()
    {
        var name = NewName();
        await Changes().Register(Service(name, "1"), default);
        var (price, quota) = (Price(name, "2", FarAhead), Quota(name, 9));
        var (pricePlanned, quotaPlanned) = (await Changes().ChangePrice(price, default), await Changes().ChangeFreeQuota(quota, default));
        var version = await Version();

        Assert.Equal(pricePlanned with { Duplicate = true }, await Changes().ChangePrice(price, default));
        Assert.Equal(pricePlanned with { Duplicate = true }, await Changes().ChangePrice(price with { EffectiveFrom = null }, default));
        Assert.Equal(quotaPlanned with { Duplicate = true }, await Changes().ChangeFreeQuota(quota, default));
        IncomingPrice[] prices = [price with { Amount = Money.Parse("3") }, price with { PerUnits = 2 }, price with { EffectiveFrom = $"{FarAhead.AddSeconds(1):O}" }, price with { Service = TestCatalogue.Image }, price with { OperationId = quota.OperationId }];
        foreach (var other in prices) Assert.Equal(ErrorCodes.OperationIdReused, (await Changes().ChangePrice(other, default)).Code);
        IncomingFreeQuota[] quotas = [quota with { FreeUnits = 8 }, quota with { FromMonth = "2900-01" }, quota with { Service = TestCatalogue.Image }, quota with { OperationId = price.OperationId }];
        foreach (var other in quotas) Assert.Equal(ErrorCodes.OperationIdReused, (await Changes().ChangeFreeQuota(other, default)).Code);
        Assert.Equal(ErrorCodes.OperationIdReused, (await Changes().Register(Service(NewName(), "1") with { OperationId = price.OperationId }, default)).Code);
        Assert.Equal(version, await Version());
    }

    [Fact]
    public async Task A_free_quota_changes_from_a_month_that_has_not_begun_and_may_be_planned_again_until_then()
    {
        var name = NewName();
        await Changes().Register(Service(name, "1", freeUnits: 5), default);
        var month = _rules.Current.Calendar.MonthOf(Ledger.Now);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, (await Changes().ChangeFreeQuota(Quota(name, 6) with { FromMonth = $"{month:yyyy-MM}" }, default)).Code);

        var planned = (await Changes().ChangeFreeQuota(Quota(name, 6), default)).FreeQuota!;
        Assert.Equal(2, planned.Version);
        var again = (await Changes().ChangeFreeQuota(Quota(name, 0) with { FromMonth = planned.FromMonth }, default)).FreeQuota!;
        Assert.Equal((3L, planned.FromMonth), (again.Version, again.FromMonth));
        Assert.True((await Changes().ChangeFreeQuota(Quota(name, 8) with { FromMonth = "2900-02" }, default)).Changed);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, (await Changes().ChangeFreeQuota(Quota(name, 8) with { FromMonth = "2900-01" }, default)).Code);

        var offer = (await Ledger.NewCatalogue().Load(default)).Find(name)!;
        Assert.Equal((5, 0, 8), (offer.FreeUnitsIn(month), offer.FreeUnitsIn(month.AddMonths(2)), offer.FreeUnitsIn(new DateOnly(2900, 2, 1))));
        var shown = await new CatalogueAnswers(_rules, Ledger.NewStore(), TimeProvider.System).Get(name, default);
        Assert.Equal((1L, 5L), (shown.FreeQuota!.Version, shown.FreeQuota.FreeUnits));
        Assert.Equal([(3L, 0L), (4L, 8L)], shown.FreeQuotasToCome.Select(quota => (quota.Version, quota.FreeUnits)));
    }

    [Fact]
    public async Task What_cannot_be_changed_is_refused_with_its_code()
    {
        var gateway = new IncomingService { OperationId = Ids.WithTime(), Service = NewName(), PricedBy = "gateway", FreeUnits = 3, Actor = "eve", Reason = "a test" };
        Assert.True((await Changes().Register(gateway, default)).Registered);
        var version = await Version();
        Assert.Equal(ErrorCodes.PriceNotAllowed, (await Changes().ChangePrice(Price(gateway.Service!, "1"), default)).Code);
        Assert.Equal(ErrorCodes.UnknownService, (await Changes().ChangePrice(Price(NewName(), "1"), default)).Code);
        Assert.Equal(ErrorCodes.UnknownService, (await Changes().ChangeFreeQuota(Quota(NewName(), 1), default)).Code);
        Assert.Equal(version, await Version());
    }

    [Fact]
    public async Task Each_change_stands_once_in_the_log_of_acts_with_who_why_and_what_and_a_refused_one_does_not()
    {
        var name = NewName();
        var (service, price, quota) = (Service(name, "1", freeUnits: 4), Price(name, "2", FarAhead) with { Actor = "bob", Reason = "dearer" }, Quota(name, 9));
        for (var repeat = 0; repeat < 2; repeat++)
        {
            await Changes().Register(service, default);
            await Changes().ChangePrice(price, default);
            await Changes().ChangeFreeQuota(quota, default);
        }
        await Changes().ChangePrice(Price(name, "3"), default);

        Assert.Equal(3, await Ledger.Count("select count(*) from operator_act where subject = $1", name));
        Assert.Equal(1, await Logged(ActKinds.RegisterService, service.OperationId, "eve", "a test", "%\"price\",\"after\":\"1.00 per 1\"%\"after\":\"4\"%"));
        Assert.Equal(1, await Logged(ActKinds.ChangePrice, price.OperationId, "bob", "dearer", "%\"before\":\"1.00 per 1\",\"after\":\"2.00 per 1\"%2900-01-01T00:00:00%"));
        Assert.Equal(1, await Logged(ActKinds.ChangeFreeQuota, quota.OperationId, "eve", "a test", "%\"before\":\"4\",\"after\":\"9\"%"));

        Task<long> Logged(string kind, Guid id, string actor, string reason, string detail) => Ledger.Count(
            "select count(*) from operator_act where kind = $1 and operation_id = $2 and actor = $3 and reason = $4 and detail like $5 and account_id is null", kind, id, actor, reason, detail);
    }

    [Fact]
    public async Task A_change_that_is_not_committed_leaves_nothing_behind_and_the_next_does_not_wait()
    {
        var (service, version) = (Service(NewName(), "1"), await Version());
        await using (var transaction = await Ledger.NewCatalogue().Begin(default))
            await transaction.AddService(ServiceOffer.New(transaction.Catalogue.NextServiceId, service.Service!, PricedBy.Gateway, null, 3), default);

        Assert.Equal(version, await Version());
        Assert.True((await Changes().Register(service, default)).Registered);
    }

    [Fact]
    public async Task Of_registrations_of_one_name_at_once_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var (same, other) = (NewName(), NewName());
            var twins = await AtOnce(_ => Changes().Register(Service(same, "1"), default));
            Assert.Single(twins, answer => answer is { Registered: true, Duplicate: false });
            Assert.Equal(twins.Length - 1, twins.Count(answer => answer is { Registered: false, Duplicate: true, Code: null }));

            var rivals = await AtOnce(number => Changes().Register(Service(other, $"{number}"), default));
            Assert.Single(rivals, answer => answer.Registered);
            Assert.Equal(rivals.Length - 1, rivals.Count(answer => answer.Code == ErrorCodes.ServiceExists));
        }
    }

    [Fact]
    public async Task Of_price_changes_at_once_each_has_a_version_of_its_own_and_no_two_begin_at_one_time()
    {
        var name = NewName();
        await Changes().Register(Service(name, "1"), default);
        var version = await Version();

        var rivals = await AtOnce(number => Changes().ChangePrice(Price(name, $"{number}", FarAhead), default));
        Assert.Single(rivals, answer => answer.Changed);
        Assert.Equal(rivals.Length - 1, rivals.Count(answer => answer.Code == ErrorCodes.EffectiveTooEarly));
        var request = Price(name, "5", FarAhead.AddDays(1));
        var twins = await AtOnce(_ => Changes().ChangePrice(request, default));
        Assert.Single(twins, answer => answer is { Changed: true, Duplicate: false });
        Assert.All(twins, answer => Assert.Equal(3, answer.Price!.Version));

        Assert.Equal([1L, 2L, 3L], (await Prices(name)).Select(price => price.Version));
        Assert.Equal(version + 2, await Version());
    }

    [Fact]
    public async Task Charging_goes_on_while_the_catalogue_changes_and_each_record_has_the_price_of_its_time()
    {
        var (name, user) = (NewName(), Ids.User("amid"));
        await Changes().Register(Service(name, "1"), default);
        using var done = new CancellationTokenSource();
        var writers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async number => Ledger.NewWriter(await Ledger.NewRules())));
        var charging = writers.Select(writer => Task.Run(async () =>
        {
            var charged = 0;
            for (; !done.IsCancellationRequested; charged++) Assert.IsType<Charged>((await writer.Apply([TestUsage.Of(user, name).ToCharge()], default))[0]);
            return charged;
        })).ToArray();

        for (var version = 2; version < 12; version++)
        {
            var planned = version;
            await Plan(name, new PriceVersion(planned, new UnitPrice(new Money(planned), 1), TestUsage.Of(user).OccurredAt.AddMilliseconds(40)));
            await Eventually.That(() => Ledger.Count("select count(*) from usage_record r join service s on s.service_id = r.service_id where s.name = $1 and r.price_version = $2", name, planned),
                count => count > 0, $"version {planned} is charged");
        }
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(charging), charged => Assert.NotEqual(0, charged));
    }

    protected CatalogueChanges Changes() => new(Ledger.NewCatalogue(), Ledger.NewStore(), _rules);

    protected static string NewName() => $"service-{Ids.WithTime():N}";

    protected static IncomingService Service(string name, string amount, long perUnits = 1, long freeUnits = 0) => new()
    {
        OperationId = Ids.WithTime(),
        Service = name,
        PricedBy = "catalogue",
        Price = new IncomingUnitAmount { Amount = Money.Parse(amount), PerUnits = perUnits },
        FreeUnits = freeUnits,
        Actor = "eve",
        Reason = "a test",
    };

    protected static IncomingPrice Price(string name, string amount, DateTimeOffset? from = null) => new()
    {
        OperationId = Ids.WithTime(),
        Service = name,
        Amount = Money.Parse(amount),
        EffectiveFrom = from is null ? null : $"{from:O}",
        Actor = "eve",
        Reason = "a test",
    };

    protected static IncomingFreeQuota Quota(string name, long units) => new() { OperationId = Ids.WithTime(), Service = name, FreeUnits = units, Actor = "eve", Reason = "a test" };

    protected Task<long> Version() => Ledger.NewCatalogue().Version(default);

    /// <summary>Adds a version with no regard to the time: to see one take effect within the test.</summary>
    async Task Plan(string name, PriceVersion price)
    {
        await using var transaction = await Ledger.NewCatalogue().Begin(default);
        await transaction.AddPrice(transaction.Catalogue.Find(name)!, price, default);
        await transaction.Commit(default);
    }

    async Task<IReadOnlyList<ServicePrice>> Prices(string name)
    {
        var status = await new CatalogueAnswers(_rules, Ledger.NewStore(), TimeProvider.System).Get(name, default);
        return [.. status.PricesBefore, status.Price!, .. status.PricesToCome];
    }

    static Task<T[]> AtOnce<T>(Func<int, Task<T>> change) => Task.WhenAll(Enumerable.Range(1, 4).Select(number => Task.Run(() => change(number))));
}
