using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>Answers <see cref="RegisterService"/>, <see cref="ChangePrice"/> and <see cref="ChangeFreeQuota"/> for every door.</summary>
public sealed class CatalogueChanges(CatalogueStore store, ILedgerStore ledger, IRules rules)
{
    public async Task<ServiceRegistration> Register(IncomingService request, CancellationToken cancellationToken)
    {
        if (ChangeShape.Check(request, out var pricedBy, out var price) is { } wrong) return No(wrong);
        return await Change(async transaction =>
        {
            if (await transaction.Find(request.OperationId, cancellationToken) is { } known && !IsRegistration(known, transaction.Catalogue.Find(request.Service!)))
                return No(Reused(request));

            var wanted = ServiceOffer.New(transaction.Catalogue.NextServiceId, request.Service!, pricedBy, price, request.FreeUnits);
            if (transaction.Catalogue.Find(wanted.Name) is { } offer)
                return offer.BeganAs(wanted) ? Yes(duplicate: true) : No(new(ErrorCodes.ServiceExists, $"Service '{wanted.Name}' is on sale, and was registered with other content."));

            await transaction.AddService(wanted, cancellationToken);
            await transaction.Sign(ChangeKind.Registration, 1, CatalogueActs.Registration(request, wanted, transaction.Now), wanted.ServiceId, cancellationToken);
            await transaction.Commit(cancellationToken);
            return Yes(duplicate: false);
        }, No, cancellationToken);

        ServiceRegistration Yes(bool duplicate) => new() { OperationId = request.OperationId, Service = request.Service!, Registered = !duplicate, Duplicate = duplicate };

        ServiceRegistration No(Refusal refusal) =>
            new() { OperationId = request.OperationId, Service = request.Service ?? "", Registered = false, Code = refusal.Code, Detail = refusal.Detail };
    }

    public async Task<PriceChange> ChangePrice(IncomingPrice request, CancellationToken cancellationToken)
    {
        if (ChangeShape.Check(request, out var price, out var wantedFrom) is { } wrong) return No(wrong);
        return await Change(async transaction =>
        {
            var offer = transaction.Catalogue.Find(request.Service!);
            if (await transaction.Find(request.OperationId, cancellationToken) is { } known)
                return Planned(known, offer, price, wantedFrom) is { } planned ? Yes(planned, duplicate: true) : No(Reused(request));
            if (offer is null) return No(Unknown(request));
            if (offer.PricedBy == PricedBy.Gateway) return No(new(ErrorCodes.PriceNotAllowed, $"Service '{offer.Name}' is priced by the gateway."));

            var from = wantedFrom ?? EffectiveTimes.NextPrice(transaction.Now);
            if (EffectiveTimes.CheckPrice(offer, from, transaction.Now) is { } tooEarly) return No(tooEarly);

            var next = new PriceVersion(offer.NextPriceVersion, price, from);
            await transaction.AddPrice(offer, next, cancellationToken);
            await transaction.Sign(ChangeKind.Price, next.Version, CatalogueActs.Price(request, offer.Prices.LastOrDefault(), next, transaction.Now), offer.ServiceId, cancellationToken);
            await transaction.Commit(cancellationToken);
            return Yes(next, duplicate: false);
        }, No, cancellationToken);

        PriceChange Yes(PriceVersion planned, bool duplicate) =>
            new() { OperationId = request.OperationId, Service = request.Service!, Changed = true, Duplicate = duplicate, Price = CatalogueAnswers.Price(planned) };

        PriceChange No(Refusal refusal) =>
            new() { OperationId = request.OperationId, Service = request.Service ?? "", Changed = false, Code = refusal.Code, Detail = refusal.Detail };
    }

    public async Task<FreeQuotaChange> ChangeFreeQuota(IncomingFreeQuota request, CancellationToken cancellationToken)
    {
        if (ChangeShape.Check(request, out var wantedFrom) is { } wrong) return No(wrong);
        var units = request.FreeUnits!.Value;
        return await Change(async transaction =>
        {
            var offer = transaction.Catalogue.Find(request.Service!);
            if (await transaction.Find(request.OperationId, cancellationToken) is { } known)
                return Planned(known, offer, units, wantedFrom) is { } planned ? Yes(planned, duplicate: true) : No(Reused(request));
            if (offer is null) return No(Unknown(request));

            var calendar = rules.Current.Calendar;
            var from = wantedFrom ?? EffectiveTimes.NextMonth(calendar, transaction.Now);
            if (EffectiveTimes.CheckMonth(offer, from, calendar, transaction.Now) is { } tooEarly) return No(tooEarly);

            var next = new FreeQuotaVersion(offer.NextFreeQuotaVersion, units, from);
            await transaction.AddFreeQuota(offer, next, cancellationToken);
            await transaction.Sign(ChangeKind.FreeQuota, next.Version, CatalogueActs.FreeQuota(request, offer.FreeQuotaIn(from), next, transaction.Now), offer.ServiceId, cancellationToken);
            await transaction.Commit(cancellationToken);
            return Yes(next, duplicate: false);
        }, No, cancellationToken);

        FreeQuotaChange Yes(FreeQuotaVersion planned, bool duplicate) =>
            new() { OperationId = request.OperationId, Service = request.Service!, Changed = true, Duplicate = duplicate, FreeQuota = CatalogueAnswers.FreeQuota(planned) };

        FreeQuotaChange No(Refusal refusal) =>
            new() { OperationId = request.OperationId, Service = request.Service ?? "", Changed = false, Code = refusal.Code, Detail = refusal.Detail };
    }

    async Task<TAnswer> Change<TAnswer>(Func<CatalogueTransaction, Task<TAnswer>> change, Func<Refusal, TAnswer> no, CancellationToken cancellationToken)
    {
        try
        {
            TAnswer answer;
            await using (var transaction = await store.Begin(cancellationToken)) answer = await change(transaction);
            await ShowHere();
            return answer;
        }
        catch (Exception exception) when (ledger.Classify(exception) is FailureKind.Unavailable or FailureKind.Conflict)
        {
            // Also when the commit's answer was lost: the repeat is told what stands.
            return no(new(ErrorCodes.DatabaseUnavailable, "The database is not available; repeat with the same operationId."));
        }
    }

    // What was committed stands, whether this process can load it now or not: the next batch does, and so does the job that looks.
    async Task ShowHere()
    {
        try
        {
            await rules.Refresh(CancellationToken.None);
        }
        catch (Exception exception) when (ledger.Classify(exception) == FailureKind.Unavailable)
        {
        }
    }

    static bool IsRegistration(CatalogueChange known, ServiceOffer? offer) => known.Kind == ChangeKind.Registration && known.ServiceId == offer?.ServiceId;

    /// <summary>The version that an earlier request with this id planned; null when that one wanted something else.</summary>
    static PriceVersion? Planned(CatalogueChange known, ServiceOffer? offer, UnitPrice price, DateTimeOffset? from) =>
        known.Kind == ChangeKind.Price && known.ServiceId == offer?.ServiceId && offer.Prices.First(version => version.Version == known.Version) is var planned
            && planned.Price == price && (from is null || from == planned.From) ? planned : null;

    static FreeQuotaVersion? Planned(CatalogueChange known, ServiceOffer? offer, long units, DateOnly? from) =>
        known.Kind == ChangeKind.FreeQuota && known.ServiceId == offer?.ServiceId && offer.FreeQuotas.First(version => version.Version == known.Version) is var planned
            && planned.Units == units && (from is null || from == planned.FromMonth) ? planned : null;

    static Refusal Unknown(IIncomingChange request) => new(ErrorCodes.UnknownService, $"The catalogue has no service '{request.Service}'.");

    static Refusal Reused(IIncomingChange request) => new(ErrorCodes.OperationIdReused, $"Operation {request.OperationId} has changed the catalogue already, in another way; the first stands.");
}
