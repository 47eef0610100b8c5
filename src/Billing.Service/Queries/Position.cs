namespace Billing.Service.Queries;

/// <summary>
/// A record's place on its user's list. Of two that occurred at the same instant the later charged comes first; the running number
/// makes the place unique, so that a page begins exactly where the one before ended, whatever was written meanwhile.
/// </summary>
public readonly record struct Position(DateTimeOffset OccurredAt, long EntryNumber);
