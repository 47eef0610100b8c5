namespace Billing.Service.Charging.Reservations;

/// <summary>
/// Decides what is set aside, for whom and how long, and what goes back: always to exactly the account, service and month that it
/// came from, and once.
/// </summary>
sealed class Holds(ChargingRules rules, Snapshot snapshot, Func<AccountState, ServiceOffer, DateOnly, FreeQuotaState?> freeQuota)
{
    public Outcome Decide(ReservationOperation operation)
    {
        var account = snapshot.Accounts[operation.Owner];
        var found = snapshot.Reservations.GetValueOrDefault(new ReservationKey(account.AccountId, operation.ReservationId));
        return operation switch
        {
            HoldFunds hold => found is null ? Hold(hold, account) : Repeat(hold, found, account),
            _ when found is null => Refuse(ErrorCodes.ReservationNotFound, $"User {operation.Owner} has no reservation {operation.ReservationId}."),
            ExtendHold extend => Extend(extend, found, account),
            ReleaseHold release => Release(release, found, account),
            SweepHold => Sweep(found, account),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No rule for this operation."),
        };
    }

    /// <summary>The reservation that pays this usage first; null when it has none, or none that is open.</summary>
    public ReservationState? Paying(Usage usage, AccountState account, ServiceOffer service)
    {
        if (Named(usage, account, service) is not { ClosedAt: null } reservation) return null;
        if (reservation.IsOpenAt(snapshot.Now)) return reservation;

        Close(reservation, account);
        return null;
    }

    /// <summary>The reservation could not pay any more; the usage was charged like any other.</summary>
    public void CountLate(Usage usage, AccountState account, ServiceOffer service)
    {
        if (Named(usage, account, service) is not { } reservation) return;
        reservation.LateQuantity += usage.Quantity;
        reservation.Changed = true;
    }

    /// <summary>Takes out of the hold what it pays of a usage. The account has lost the money already.</summary>
    public void Settle(ReservationState reservation, AccountState account, long quantity, Settlement paid)
    {
        if (paid.FreeUnitsHeld > 0) QuotaOf(reservation).UseHeld(paid.FreeUnitsHeld);
        account.Free(paid.AmountHeld);
        var (held, settled) = (reservation.Held, reservation.Settled);
        reservation.Held = new Hold(held.FreeUnits - paid.FreeUnitsHeld, held.Amount - paid.AmountHeld);
        reservation.Settled = new Settled(settled.Quantity + quantity, settled.FreeUnits + paid.FreeUnitsHeld, settled.Amount + paid.AmountHeld);
        reservation.Changed = true;
        if (reservation.Settled.Quantity >= reservation.FinalQuantity) Close(reservation, account);
    }

    Outcome Hold(HoldFunds hold, AccountState account)
    {
        if (Expired(hold.Deadline) is { } expired) return expired;
        var grantUntil = snapshot.Now + hold.GrantFor;
        if (HoldPrice.Of(hold.Service, hold.Quantity, hold.Cost, snapshot.Now, grantUntil, rules.Catalogue, out var price) is { } notPriced) return new Refused(notPriced);

        var reservation = new ReservationState
        {
            Key = new ReservationKey(account.AccountId, hold.ReservationId),
            ServiceId = price.Service.ServiceId,
            Month = rules.Calendar.MonthOf(hold.RequestedAt),
            ContentHash = hold.ContentHash,
            GrantedAt = snapshot.Now,
        };
        if (SetAside(reservation, account, price, hold.Quantity, grantUntil) is { } refused) return refused;

        snapshot.Reservations.Add(reservation.Key, reservation);
        return Stands(reservation, account, duplicate: false);
    }

    Outcome Repeat(HoldFunds hold, ReservationState found, AccountState account) => found.ContentHash == hold.ContentHash
        ? Stands(found, account, duplicate: true)
        : Refuse(ErrorCodes.OperationIdReused, $"Reservation {hold.ReservationId} was made with other content; the first stands. Give each reservation an id of its own.");

    Outcome Extend(ExtendHold extend, ReservationState found, AccountState account)
    {
        if (extend.Step == found.Step.Number)
            return extend.ContentHash == found.Step.ContentHash
                ? Stands(found, account, duplicate: true)
                : Refuse(ErrorCodes.OperationIdReused, $"Step {extend.Step} of reservation {extend.ReservationId} was taken with other content; the first stands.");
        if (extend.Step < found.Step.Number)
            return Refuse(ErrorCodes.StepPassed, $"Step {extend.Step} of reservation {extend.ReservationId} comes after step {found.Step.Number}; nothing was set aside for it.");
        if (Expired(extend.Deadline) is { } expired) return expired;
        if (!found.IsOpenAt(snapshot.Now) || found.FinalQuantity is not null)
            return Refuse(ErrorCodes.ReservationClosed, $"Reservation {extend.ReservationId} is released or past its time; make a new one.");

        var service = rules.Catalogue.Services.First(service => service.ServiceId == found.ServiceId);
        var grantUntil = snapshot.Now + extend.GrantFor;
        var cost = extend.Quantity == 0 && service.PricedBy == PricedBy.Gateway ? extend.Cost ?? Money.Zero : extend.Cost;
        if (HoldPrice.Of(service.Name, extend.Quantity, cost, snapshot.Now, grantUntil, rules.Catalogue, out var price) is { } notPriced) return new Refused(notPriced);
        if (SetAside(found, account, price, extend.Quantity, grantUntil) is { } refused) return refused;

        found.Step = (extend.Step, extend.ContentHash);
        return Stands(found, account, duplicate: false);
    }

    /// <summary>All or nothing; null when it is done.</summary>
    Refused? SetAside(ReservationState reservation, AccountState account, HoldPrice price, long quantity, DateTimeOffset grantUntil)
    {
        var quota = freeQuota(account, price.Service, reservation.Month);
        var freeUnits = Math.Min(quantity, quota?.Left ?? 0);
        var amount = price.For(quantity - freeUnits, quantity);
        if (!account.Funds.Cover(amount)) return NotCovered(account, quota, price, quantity, amount);
        var granted = new Grant(checked(reservation.Granted.Quantity + quantity), reservation.Granted.FreeUnits + freeUnits, reservation.Granted.Amount + amount);

        account.SetAside(amount);
        quota?.Hold(freeUnits);
        reservation.Granted = granted;
        reservation.Held = new Hold(reservation.Held.FreeUnits + freeUnits, reservation.Held.Amount + amount);
        if (price.UnitHold > reservation.UnitHold) reservation.UnitHold = price.UnitHold;
        if (amount != Money.Zero) reservation.FundsAfter = (account.LastEntryNumber, account.Funds.Available);
        if (grantUntil > reservation.GrantUntil)
        {
            reservation.GrantUntil = grantUntil;
            reservation.SettleBy = grantUntil + rules.SettleGrace;
        }
        reservation.Changed = true;
        return null;
    }

    Outcome Release(ReleaseHold release, ReservationState found, AccountState account)
    {
        var before = found.Held;
        if (found.ClosedAt is not null) return Gone(found, account, before, duplicate: true);
        if (found.FinalQuantity is { } said)
            return said == release.UsedQuantity
                ? Gone(found, account, before, duplicate: true)
                : Refuse(ErrorCodes.OperationIdReused, $"Reservation {release.ReservationId} was released with {said} units used; the first stands.");

        var onTheWay = release.UsedQuantity is { } used && found.IsOpenAt(snapshot.Now) ? used - found.Settled.Quantity : 0;
        if (onTheWay <= 0) Close(found, account);
        else Keep(onTheWay, release.UsedQuantity!.Value, found, account);
        return Gone(found, account, before, duplicate: false);
    }

    /// <summary>Gives back what the units on the way cannot need. What the gateway will price is not known before it comes.</summary>
    void Keep(long unitsOnTheWay, long finalQuantity, ReservationState reservation, AccountState account)
    {
        var freeUnits = Math.Min(unitsOnTheWay, reservation.Held.FreeUnits);
        var most = (Int128)reservation.UnitHold.Nanos * (unitsOnTheWay - freeUnits);
        var amount = reservation.UnitHold == Money.Zero || most >= reservation.Held.Amount.Nanos ? reservation.Held.Amount : new Money((long)most);
        GiveBack(reservation, account, new Hold(freeUnits, amount));
        reservation.FinalQuantity = finalQuantity;
    }

    Outcome Sweep(ReservationState found, AccountState account)
    {
        var before = found.Held;
        if (found.ClosedAt is not null || found.IsOpenAt(snapshot.Now)) return Gone(found, account, before, duplicate: true);
        Close(found, account);
        return Gone(found, account, before, duplicate: false);
    }

    void Close(ReservationState reservation, AccountState account) => GiveBack(reservation, account, keep: default, closedAt: snapshot.Now);

    void GiveBack(ReservationState reservation, AccountState account, Hold keep, DateTimeOffset? closedAt = null)
    {
        if (reservation.Held.FreeUnits > keep.FreeUnits) QuotaOf(reservation).Unhold(reservation.Held.FreeUnits - keep.FreeUnits);
        account.Free(reservation.Held.Amount - keep.Amount);
        reservation.Held = keep;
        reservation.ClosedAt = closedAt;
        reservation.Changed = true;
    }

    /// <summary>One of another service is none.</summary>
    ReservationState? Named(Usage usage, AccountState account, ServiceOffer service) =>
        usage.ReservationId is { } id && snapshot.Reservations.TryGetValue(new ReservationKey(account.AccountId, id), out var reservation)
            && reservation.ServiceId == service.ServiceId ? reservation : null;

    FreeQuotaState QuotaOf(ReservationState reservation) =>
        snapshot.FreeQuotas[new FreeQuotaKey(reservation.Key.AccountId, reservation.ServiceId, reservation.Month)];

    Refused? Expired(DateTimeOffset deadline) =>
        deadline < snapshot.Now ? Refuse(ErrorCodes.RequestExpired, $"The deadline {deadline:O} had passed; nothing was set aside.") : null;

    static Refused NotCovered(AccountState account, FreeQuotaState? quota, HoldPrice price, long quantity, Money amount)
    {
        var available = account.Funds.Available;
        var affordable = price.Affordable(quantity, quota?.Left ?? 0, available);
        return new Refused(new Refusal(ErrorCodes.InsufficientFunds,
            $"{amount} would have to be set aside beyond the free quota, and {available} is available: enough for {affordable} of {quantity} units."))
        {
            AffordableQuantity = affordable,
        };
    }

    Reserved Stands(ReservationState reservation, AccountState account, bool duplicate) =>
        new(ReservationView.Of(reservation), account.Funds.Available, FreeUnitsLeft(reservation), duplicate);

    Released Gone(ReservationState reservation, AccountState account, Hold before, bool duplicate) => new(
        ReservationView.Of(reservation), new Hold(before.FreeUnits - reservation.Held.FreeUnits, before.Amount - reservation.Held.Amount),
        account.Funds.Available, duplicate);

    long FreeUnitsLeft(ReservationState reservation) =>
        snapshot.FreeQuotas.GetValueOrDefault(new FreeQuotaKey(reservation.Key.AccountId, reservation.ServiceId, reservation.Month))?.Left ?? 0;

    static Refused Refuse(string code, string detail) => new(new Refusal(code, detail));
}
