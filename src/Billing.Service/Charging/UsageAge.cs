namespace Billing.Service.Charging;

/// <summary>How old a usage may be when it is first charged. Ids are kept a day longer, so that none is forgotten while it may come again.</summary>
public static class UsageAge
{
    public static readonly TimeSpan Max = TimeSpan.FromDays(35);
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);

    public static Refusal? Check(Usage usage, DateTimeOffset now)
    {
        if (usage.OccurredAt < now - Max)
            return new(ErrorCodes.UsageTooOld, $"The usage occurred at {usage.OccurredAt:O}, more than {Max.TotalDays:0} days ago.");
        if (usage.OccurredAt > now + AheadMax)
            return new(ErrorCodes.UsageInFuture, $"The usage occurred at {usage.OccurredAt:O}, more than {AheadMax.TotalMinutes:0} minutes ahead of {now:O}; check the sender's clock.");
        if (UsageIdentity.CarriesTime(usage.UsageId) && UsageIdentity.TimeOf(usage.UsageId) is var time && (time < now - Max || time > now + AheadMax))
            return new(ErrorCodes.InvalidUsageId, $"The version 7 usage id carries the time {time:O}; it must lie within {Max.TotalDays:0} days before and {AheadMax.TotalMinutes:0} minutes after now.");
        return null;
    }
}
