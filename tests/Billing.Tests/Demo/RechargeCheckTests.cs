using Billing.Demo.Payments.Journaling;
using Billing.Demo.Recharges;
using Billing.TestSupport;

namespace Billing.Tests.Demo;

/// <summary>The demo's own check of its recharges finds every difference, and nothing where there is none.</summary>
public sealed class RechargeCheckTests
{
    static readonly Money Ten = Money.Parse("10.00");
    static readonly Money Four = Money.Parse("4.00");
    static readonly Guid Id = Ids.WithoutTime(), Assigned = Ids.WithoutTime(), Stray = Ids.WithoutTime();
    static readonly StartedRecharge Started = new(Id, new StartRecharge { UserId = "ann", Amount = Ten, Currency = "USD", Channel = "card", IdempotencyKey = "1" });
    static readonly RechargeRow Row = new(Id, "Completed", "ann", Ten, "USD", "pay-1", Ten, "USD", Resolved: null, Late: false, Reason: null);
    static readonly RechargeRow InReview = Row with { State = "NeedsReview", Paid = Four, Reason = RechargeReasons.AmountMismatch };
    static readonly RechargeRow AssignedRow = Row with { RechargeId = Assigned, PaidBy = "pay-2" };
    static readonly UnmatchedRow SecondPayment = new(Assigned, RechargeReasons.SecondPayment, Id, "pay-2", null, Ten, "USD", "ann");
    static readonly UnmatchedRow TooMuchBack = new(Ids.WithoutTime(), RechargeReasons.RefundExceedsCredit, Id, "pay-1", "back-1", Money.Parse("11.00"), "USD", null);
    static readonly EntryRow Credit = new(Id, null, "ann", Ten);
    static readonly EntryRow AssignedCredit = new(Assigned, null, "ann", Ten);
    static readonly EntryRow TakenBack = new(Id, "back-1", "ann", -Four);
    static readonly JournalLine Paid = Line(JournalLine.Succeeded, "10.00") with { AsOrdered = true };
    static readonly JournalLine PaidOtherwise = Line(JournalLine.Succeeded, "4.00") with { AsOrdered = false };
    static readonly JournalLine PaidTwice = Paid with { PaymentId = "pay-2", AsOrdered = false };
    static readonly JournalLine GivenBack = Line(JournalLine.Refunded, "4.00") with { RefundId = "back-1" };
    static readonly JournalLine GivenBackTooMuch = GivenBack with { Amount = "11.00" };

    public static TheoryData<string> RightOnes => [.. Right.Keys];

    public static TheoryData<string> WrongOnes => [.. Wrong.Keys];

    static readonly Dictionary<string, (JournalLine[] Journal, RechargeBooks Books)> Right = new()
    {
        ["never paid"] = ([], Books([Row with { State = "Expired", PaidBy = null, Paid = Money.Zero, PaidCurrency = null }], [])),
        ["paid as ordered"] = ([Paid], Books([Row], [Credit])),
        ["refunded in part"] = ([Paid, GivenBack], Books([Row], [Credit, TakenBack])),
        ["refunded too much"] = ([Paid, GivenBackTooMuch], Books([Row], [Credit], TooMuchBack)),
        ["paid another amount"] = ([PaidOtherwise], Books([InReview], [])),
        ["paid another amount and closed"] = ([PaidOtherwise], Books([InReview with { State = "Closed" }], [])),
        ["paid another amount and credited by the operator"] = ([PaidOtherwise], Books([InReview with { State = "Completed", Resolved = Four }], [Credit with { Amount = Four }])),
        ["paid twice"] = ([Paid, PaidTwice], Books([Row], [Credit], SecondPayment with { AssignedUserId = null })),
        ["paid twice and given to its user"] = ([Paid, PaidTwice], Books([Row, AssignedRow], [Credit, AssignedCredit], SecondPayment)),
        ["paid by the second payment first"] = ([Paid, PaidTwice], Books([Row with { State = "NeedsReview", PaidBy = "pay-2" }], [], SecondPayment with { PaymentId = "pay-1", AssignedUserId = null })),
        ["a payment of nobody's recharge"] = ([Paid, Paid with { RechargeId = Stray }], Books([Row], [Credit], SecondPayment with { RechargeId = Stray, PaymentId = "pay-1", AssignedUserId = null })),
    };

    static readonly Dictionary<string, (JournalLine[] Journal, RechargeBooks Books, string Says)> Wrong = new()
    {
        ["the order is lost"] = ([], Books([], []), "is not there"),
        ["ordered by another"] = ([Paid], Books([Row with { UserId = "bob" }], [Credit]), "not as ann ordered"),
        ["not at its end"] = ([], Books([Row with { State = "AwaitingPayment", PaidBy = null }], []), "stands in AwaitingPayment"),
        ["the payment is lost"] = ([Paid], Books([Row with { State = "Expired", PaidBy = null }], []), "is not credited: Expired"),
        ["paid as ordered and in review"] = ([Paid], Books([Row with { State = "NeedsReview" }], []), "is not credited: NeedsReview"),
        ["completed and not entered"] = ([Paid], Books([Row], []), "entered 0 times"),
        ["entered twice"] = ([Paid], Books([Row], [Credit, Credit]), "entered 2 times"),
        ["entered with another amount"] = ([Paid], Books([Row], [Credit with { Amount = Four }]), "is credited 4.00 to ann, not 10.00 to ann"),
        ["entered for another user"] = ([Paid], Books([Row], [Credit with { UserId = "bob" }]), "to bob, not 10.00 to ann"),
        ["credited and never paid"] = ([], Books([Row], [Credit]), "nobody paid that"),
        ["credited under an id of nobody"] = ([Paid], Books([Row], [Credit, AssignedCredit]), "nobody paid that"),
        ["another amount credited by itself"] = ([PaidOtherwise], Books([InReview with { State = "Completed" }], [Credit with { Amount = Four }]), "nobody paid that"),
        ["another amount in two places"] = ([PaidOtherwise], Books([InReview], [], SecondPayment with { PaymentId = "pay-1", Amount = Four, AssignedUserId = null }), "stands in 2 places"),
        ["the second payment is lost"] = ([Paid, PaidTwice], Books([Row], [Credit]), "stands in 0 places"),
        ["assigned and credited twice as much"] = ([Paid, PaidTwice], Books([Row, AssignedRow], [Credit, AssignedCredit with { Amount = Money.Parse("20.00") }], SecondPayment), "is credited 20.00"),
        ["the refund is lost"] = ([Paid, GivenBack], Books([Row], [Credit]), "taken back 0 times"),
        ["refunded twice"] = ([Paid, GivenBack], Books([Row], [Credit, TakenBack, TakenBack]), "taken back 2 times"),
        ["taken back and not given back"] = ([Paid], Books([Row], [Credit, TakenBack]), "nobody gave it back"),
        ["more taken back than credited"] = ([Paid, GivenBackTooMuch], Books([Row], [Credit, TakenBack with { Amount = Money.Parse("-11.00") }]), "taken back 1 times"),
        ["unmatched and never paid"] = ([Paid], Books([Row], [Credit], SecondPayment with { AssignedUserId = null }), "knows nothing of it"),
        ["a message waits"] = ([Paid], Books([Row], [Credit]) with { Outgoing = 1 }, "1 messages wait"),
    };

    [Theory]
    [MemberData(nameof(RightOnes))]
    public void Finds_nothing_where_all_is_right(string story) => Assert.Empty(Problems(Right[story].Journal, Right[story].Books));

    [Theory]
    [MemberData(nameof(WrongOnes))]
    public void Finds_what_is_wrong(string story)
    {
        var (journal, books, says) = Wrong[story];

        Assert.Contains(Problems(journal, books), problem => problem.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void A_payment_that_may_still_bring_something_is_not_at_rest() =>
        Assert.Contains(RechargeCheck.Problems([Started], [Paid], Books([Row], [Credit])), problem => problem.Contains($"{Id}", StringComparison.Ordinal) && problem.Contains("not at its end", StringComparison.Ordinal));

    static IReadOnlyList<string> Problems(JournalLine[] journal, RechargeBooks books) => RechargeCheck.Problems([Started], [.. journal, Line(JournalLine.Finished, null)], books);

    static RechargeBooks Books(RechargeRow[] recharges, EntryRow[] entries, params UnmatchedRow[] unmatched) => new(recharges, unmatched, entries, Outgoing: 0);

    static JournalLine Line(string what, string? amount) => new()
    {
        What = what, RechargeId = Id, PaymentId = "pay-1", Amount = amount, Currency = "USD", Misbehaviour = "", At = new DateTimeOffset(2026, 6, 20, 12, 0, 0, TimeSpan.Zero),
    };
}
