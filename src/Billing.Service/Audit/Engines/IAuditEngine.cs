using System.Data.Common;
using Billing.Service.Audit.Published;

namespace Billing.Service.Audit.Engines;

/// <summary>The few places where the audit's SQL differs between the engines, and how much the numbers in it may hold.</summary>
interface IAuditEngine
{
    /// <summary>Whether ids that carry no time stand in <c>usage_identity</c>.</summary>
    bool KeepsUsageIdentities { get; }

    /// <summary>Statements of names and counts that only this engine has.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>The exact sum of 64-bit numbers, however large, as text.</summary>
    string Sum(string numbers);

    /// <summary>An amount of a roll-up, which may need more than 64 bits, as text.</summary>
    string Wide(string column);

    /// <summary>The exact sum of amounts of roll-ups, as text.</summary>
    string SumOfWide(string column);

    /// <summary>When the quarter of an hour in UTC began that an instant lies in.</summary>
    string QuarterOf(string instant);

    /// <summary>Whether the total is exactly the sum of two 64-bit numbers.</summary>
    string IsSum(string total, string left, string right);

    /// <summary>number x times / per, rounded half up, none of them negative; the product may exceed 64 bits.</summary>
    string RoundHalfUp(string number, string times, string per);

    /// <summary>The first day of an instant's month in the deployment's time zone.</summary>
    string MonthOf(string instant);

    /// <summary>The first UTC day on which a usage of this instant can have been charged, by a sender whose clock is ahead as far as is let pass.</summary>
    string FirstDayOfCharge(string instant);

    /// <summary>The UTC day in the first 48 bits of a version 7 UUID.</summary>
    string DayInside(string usageId);

    /// <summary>A table of the recharges, which have a schema of their own.</summary>
    string RechargeTable(string table);

    /// <summary>A recharge's id as the ledger writes it.</summary>
    string RechargeId(string column);

    /// <summary>Called inside the snapshot, before its first statement.</summary>
    Task Prepare(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Puts the lines into the temporary table <see cref="PublishedTable"/>. Called before the snapshot.</summary>
    Task Load(DbConnection connection, IEnumerable<PublishedLine> lines, CancellationToken cancellationToken);

    /// <summary>Whether a statement failed by the values in the tables, such as a number past its limit: that is a violation, not an outage.</summary>
    bool IsDataError(DbException exception);
}
