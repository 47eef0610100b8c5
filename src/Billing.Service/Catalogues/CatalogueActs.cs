using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Service.Catalogues;

/// <summary>The rows of the log of acts for changes of the catalogue.</summary>
static class CatalogueActs
{
    public static OperatorAct Registration(IIncomingChange request, ServiceOffer offer, DateTimeOffset now) => Act(ActKinds.RegisterService, request, now,
        new() { Name = "pricedBy", After = CatalogueAnswers.Word(offer.PricedBy) },
        new() { Name = "price", After = offer.Prices is [var price] ? Text(price.Price) : null },
        new() { Name = "freeUnits", After = Text(offer.FreeQuotas is [var quota] ? quota.Units : 0) });

    /// <param name="before">The version that it follows.</param>
    public static OperatorAct Price(IIncomingChange request, PriceVersion? before, PriceVersion after, DateTimeOffset now) => Act(ActKinds.ChangePrice, request, now,
        new() { Name = "price", Before = before is null ? null : Text(before.Price), After = Text(after.Price) },
        new() { Name = "effectiveFrom", After = $"{after.From:O}" });

    /// <param name="before">The version that counted until now for that month.</param>
    public static OperatorAct FreeQuota(IIncomingChange request, FreeQuotaVersion? before, FreeQuotaVersion after, DateTimeOffset now) => Act(ActKinds.ChangeFreeQuota, request, now,
        new() { Name = "freeUnits", Before = Text(before?.Units ?? 0), After = Text(after.Units) },
        new() { Name = "fromMonth", After = $"{after.FromMonth:yyyy-MM}" });

    static OperatorAct Act(string kind, IIncomingChange request, DateTimeOffset now, params OperatorActChange[] changes) => new()
    {
        Kind = kind,
        OperationId = request.OperationId,
        Subject = request.Service,
        Actor = request.Actor!,
        Reason = request.Reason!,
        Changes = changes,
        ActedAt = now,
    };

    static string Text(UnitPrice price) => $"{price.Amount} per {Text(price.PerUnits)}";

    static string Text(long units) => units.ToString(CultureInfo.InvariantCulture);
}
