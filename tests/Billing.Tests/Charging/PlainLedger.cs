using Billing.ReliableMessaging;
using Billing.Service.Charging.Alerts;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger;

namespace Billing.Tests.Charging;

/// <summary>
/// The simplest ledger there is: dictionaries. Hands the engine what a batch's keys ask for and folds its decisions in; like a
/// database it refuses what breaks a unique key or a check, so that an engine that forgets one is found out.
/// </summary>
sealed class PlainLedger(ChargingRules rules)
{
    public const string Currency = Shop.Currency;

    readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    public PlainLedger(string zone = "UTC") : this(Shop.Rules(zone)) { }

    public ChargingRules Rules { get; } = rules;
    public DateTimeOffset Now { get; set; } = Shop.Now;
    public Dictionary<Guid, BillingRecord> Records { get; } = [];
    public Dictionary<(EntryKind, Guid), LedgerEntry> Entries { get; } = [];
    public Dictionary<FreeQuotaKey, (long Granted, long Used, long Held)> FreeQuotas { get; } = [];
    public Dictionary<FreeQuotaKey, int> PercentagesTold { get; } = [];
    public Dictionary<ReservationKey, ReservationState> Reservations { get; } = [];
    public List<RejectedUsage> Rejections { get; } = [];
    public Dictionary<(string Kind, Guid OperationId), OperatorAct> Acts { get; } = [];
    public Dictionary<long, RetriedUsage> Retries { get; } = [];
    public List<OutgoingMessage> Events { get; } = [];

    public IEnumerable<string> Users => _accounts.Keys;

    /// <summary>All operations as one batch, and their outcomes.</summary>
    public Outcome[] Apply(params IReadOnlyList<Operation> batch)
    {
        var snapshot = Read(BatchKeys.Of(batch, Rules));
        var decisions = ChargingEngine.Decide(batch, snapshot, Rules);
        if (!decisions.NothingToWrite) Write(decisions, Announcements.Of(decisions, Now, Rules, Currency));
        return decisions.Outcomes;
    }

    public Charged Charge(Usage usage) => Assert.IsType<Charged>(Apply(new ChargeUsage(usage))[0]);

    public string Refuse(Operation operation) => Assert.IsType<Refused>(Apply(operation)[0]).Code;

    public Outcome Deduct(Usage usage, DateTimeOffset? deadline = null) => Apply(new DeductUsage(usage, deadline ?? Now.AddSeconds(5)))[0];

    public void Open(string user, Money balance = default, Money overdraftLimit = default, Money held = default) =>
        _accounts[user] = new Account(_accounts.Count + 1, new AccountFunds(balance, held, overdraftLimit), 0, 0, balance, held);

    public bool Knows(string user) => _accounts.ContainsKey(user);

    public Money Balance(string user = "ann") => _accounts[user].Funds.Balance;

    public Money HeldMoney(string user = "ann") => _accounts[user].Funds.Held;

    public string UserOf(long accountId) => _accounts.First(account => account.Value.Id == accountId).Key;

    public string ServiceOf(int serviceId) => Rules.Catalogue.Services.First(service => service.ServiceId == serviceId).Name;

    public Money OpeningBalance(string user) => _accounts[user].Opening;

    public long LastEntryNumber(string user = "ann") => _accounts[user].LastEntryNumber;

    public long AccountId(string user = "ann") => _accounts[user].Id;

    public long FreeUnitsUsed(string service, int year, int month, string user = "ann") =>
        FreeQuotas.GetValueOrDefault(new FreeQuotaKey(AccountId(user), Rules.Catalogue.Find(service)!.ServiceId, new DateOnly(year, month, 1))).Used;

    public Snapshot Read(BatchKeys keys)
    {
        foreach (var user in keys.Users)
        {
            if (!_accounts.ContainsKey(user)) Open(user);
        }

        var known = keys.UsagesWithTime.Concat(keys.UsagesWithoutTime).Where(Records.ContainsKey).ToDictionary(id => id, id => Records[id]);
        var reservations = keys.Reservations.Select(key => new ReservationKey(_accounts[key.UserId].Id, key.ReservationId)).Where(Reservations.ContainsKey)
            .Select(key => Copy(Reservations[key])).ToList();
        var quotas = keys.FreeQuotas.Select(key => new FreeQuotaKey(_accounts[key.UserId].Id, key.ServiceId, key.Month))
            .Concat(reservations.Select(held => new FreeQuotaKey(held.Key.AccountId, held.ServiceId, held.Month)))
            .Concat(keys.Reversals.Where(known.ContainsKey).Select(id => new FreeQuotaKey(known[id].AccountId, known[id].ServiceId, known[id].QuotaMonth)));
        return new Snapshot
        {
            Now = Now,
            CatalogueVersion = Rules.Catalogue.Version,
            Accounts = keys.Users.ToDictionary(user => user, user => _accounts[user].ToState(user), StringComparer.Ordinal),
            FreeQuotas = quotas.Distinct().Where(FreeQuotas.ContainsKey)
                .ToDictionary(key => key, key => new FreeQuotaState(key, FreeQuotas[key].Granted, FreeQuotas[key].Used, FreeQuotas[key].Held, stored: true, PercentagesTold.GetValueOrDefault(key))),
            Records = known,
            Entries = keys.Entries.Where(Entries.ContainsKey).ToDictionary(key => key, key => Entries[key]),
            TakenBack = Entries.Values.Where(entry => entry.Kind == EntryKind.Refund && keys.RefundedRecharges.Contains(entry.RechargeId!.Value))
                .GroupBy(entry => entry.RechargeId!.Value)
                .ToDictionary(refunds => refunds.Key, refunds => refunds.Aggregate(Money.Zero, (sum, refund) => sum - refund.Amount)),
            Reservations = reservations.ToDictionary(held => held.Key),
            Acts = keys.Acts.SelectMany(id => Acts.Values.Where(act => act.OperationId == id)).ToDictionary(act => (act.Kind, act.OperationId)),
        };
    }

    public void Write(Decisions decisions, IReadOnlyList<OutgoingMessage> events)
    {
        foreach (var record in decisions.Records) Records.Add(record.UsageId, record);
        foreach (var entry in decisions.Entries) Entries.Add((entry.Kind, entry.OperationId), entry);
        foreach (var account in decisions.Accounts)
            _accounts[account.UserId] = _accounts[account.UserId] with { Funds = account.Funds, LastEntryNumber = account.LastEntryNumber, Version = account.Version + 1, Alert = account.Alert };
        foreach (var quota in decisions.FreeQuotas)
        {
            Assert.InRange(quota.Used, 0, quota.Granted);
            Assert.InRange(quota.Held, 0, quota.Granted - quota.Used);
            FreeQuotas[quota.Key] = (quota.Granted, quota.Used, quota.Held);
            PercentagesTold[quota.Key] = quota.Told;
        }
        foreach (var reservation in decisions.Reservations) Reservations[reservation.Key] = Copy(reservation);
        foreach (var account in _accounts.Values) Assert.Equal(account.HeldAtOpening + Held(account.Id), account.Funds.Held);
        foreach (var (key, quota) in FreeQuotas) Assert.Equal(FreeUnitsHeld(key), quota.Held);
        Rejections.AddRange(decisions.Rejections);
        foreach (var act in decisions.Acts) Acts.Add((act.Kind, act.OperationId), act);
        foreach (var retry in decisions.Retries.Values) Retries[retry.RejectedId] = retry;
        Events.AddRange(events);
    }

    Money Held(long accountId) => Reservations.Values.Where(held => held.Key.AccountId == accountId).Aggregate(Money.Zero, (sum, held) => sum + held.Held.Amount);

    long FreeUnitsHeld(FreeQuotaKey key) => Reservations.Values
        .Where(held => new FreeQuotaKey(held.Key.AccountId, held.ServiceId, held.Month) == key).Sum(held => held.Held.FreeUnits);

    /// <summary>As a database would hand it out: what a batch that is not written does to it is gone.</summary>
    static ReservationState Copy(ReservationState state) => new()
    {
        Key = state.Key, ServiceId = state.ServiceId, Month = state.Month, ContentHash = state.ContentHash, GrantedAt = state.GrantedAt,
        Step = state.Step, Granted = state.Granted, Held = state.Held, Settled = state.Settled, UnitHold = state.UnitHold,
        GrantUntil = state.GrantUntil, SettleBy = state.SettleBy, FinalQuantity = state.FinalQuantity, ClosedAt = state.ClosedAt,
        LateQuantity = state.LateQuantity, FundsAfter = state.FundsAfter, IsStored = true,
    };

    sealed record Account(long Id, AccountFunds Funds, long LastEntryNumber, long Version, Money Opening, Money HeldAtOpening)
    {
        public BalanceAlert Alert { get; init; }

        public AccountState ToState(string user) => new(Id, user, Funds, LastEntryNumber, Version, Alert);
    }
}
