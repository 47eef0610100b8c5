using System.Collections.Frozen;

namespace Billing.Service.Http;

/// <summary>What HTTP says for each code: the status, and in a sentence what would be right.</summary>
public static class ErrorTable
{
    public sealed record Row(int Status, string Title, string Fix);

    public static readonly FrozenDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        [ErrorCodes.InvalidUsageId] = new(400, "The usage id is not valid", "Send a UUID made by the gateway for this usage; version 7 is best, and its time must be near now."),
        [ErrorCodes.InvalidUserId] = new(400, "The user id is not valid", "Send 1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + -"),
        [ErrorCodes.InvalidService] = new(400, "The service name is not valid", "Send 1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + -"),
        [ErrorCodes.InvalidQuantity] = new(400, "The quantity is not valid", "Send a whole number from 1 to 1000000000."),
        [ErrorCodes.InvalidCost] = new(400, "The cost is not valid", "Send a decimal string of zero or more with at most nine places: \"12.34\", not 12.34."),
        [ErrorCodes.InvalidOccurredAt] = new(400, "The time is not valid", "Send an RFC 3339 time with its offset, such as \"2026-11-22T10:00:00Z\"."),
        [ErrorCodes.InvalidDeadline] = new(400, "The deadline is not valid", "Send an RFC 3339 time with its offset, or none."),
        [ErrorCodes.UnknownService] = new(404, "The service is not in the catalogue", "Ask an operator which services are on sale."),
        [ErrorCodes.CostMissing] = new(400, "The cost is missing", "This service is priced by the gateway: send the total cost."),
        [ErrorCodes.CostNotAllowed] = new(400, "A cost is not allowed", "This service is priced by the catalogue: send no cost."),
        [ErrorCodes.CurrencyMismatch] = new(400, "Another currency is billed here", "Send amounts in the deployment's billing currency."),
        [ErrorCodes.UsageTooOld] = new(422, "The usage is too old", "Usage is charged for 35 days after it occurred; an operator can adjust the balance."),
        [ErrorCodes.UsageInFuture] = new(422, "The usage lies in the future", "Set the sender's clock; five minutes ahead are accepted."),
        [ErrorCodes.UsageIdReused] = new(409, "The usage id is taken", "Give each usage an id of its own; the first one stands."),
        [ErrorCodes.UsageNotFound] = new(404, "The usage is not there", "Name a usage that is charged to this user."),
        [ErrorCodes.AmountOverflow] = new(422, "The amount is too large", "Amounts and balances end at 9223372036.854775807."),
        [ErrorCodes.NotChargeable] = new(500, "The usage could not be written", "It stands in rejected_usage; an operator can see why."),
        [ErrorCodes.InvalidRequest] = new(400, "The request cannot be read", "Send JSON as the documentation shows."),
        [ErrorCodes.ForeignCaller] = new(403, "Not a caller of this service", "Call it from a program on this machine, as localhost."),
        [ErrorCodes.TooMany] = new(413, "Too many at once", "Send fewer in one request."),
        [ErrorCodes.InvalidOperationId] = new(400, "The id is not valid", "Send a UUID of your own, the same one when you repeat."),
        [ErrorCodes.InvalidAmount] = new(400, "The amount is not valid", "Send a decimal string other than zero: \"12.34\", not 12.34."),
        [ErrorCodes.InvalidActor] = new(400, "The actor is missing", "Say who does it, in 1 to 128 characters."),
        [ErrorCodes.InvalidReason] = new(400, "The reason is missing", "Say why, in 1 to 500 characters."),
        [ErrorCodes.OperationIdReused] = new(409, "The id is taken", "Give each operation an id of its own; the first one stands."),
        [ErrorCodes.NotRetryable] = new(422, "It cannot be charged by trying again", "Only complete usage can be retried; have the sender correct it, or adjust the balance."),
        [ErrorCodes.InvalidChannel] = new(400, "The channel is not valid", "Send how the user pays in 1 to 64 characters of a name, such as \"card\"."),
        [ErrorCodes.InvalidIdempotencyKey] = new(400, "The idempotency key is not valid", "Send 1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + - and the same again when you repeat."),
        [ErrorCodes.IdempotencyKeyReused] = new(409, "The idempotency key is taken", "Give each order a key of its own; the first one stands."),
        [ErrorCodes.InvalidState] = new(400, "The state is not valid", "Send one of the states that the documentation names, or none for all."),
        [ErrorCodes.RechargeNotFound] = new(404, "The recharge is not there", "Name a recharge that was started."),
        [ErrorCodes.RechargeNotInReview] = new(409, "The recharge is not in review", "Only a recharge in needs_review waits for a decision."),
        [ErrorCodes.RechargeNotCredited] = new(409, "The recharge is not credited", "Only what was credited can be taken back."),
        [ErrorCodes.RefundExceedsCredit] = new(409, "More than was credited", "Take back no more than what is left of the credit."),
        [ErrorCodes.PaymentNotFound] = new(404, "The payment is not there", "Name one of the unmatched payments."),
        [ErrorCodes.PaymentCredited] = new(409, "The payment is credited", "A payment is credited once; close the recharge, or mark the payment as settled elsewhere."),
        [ErrorCodes.PaymentResolved] = new(409, "The payment is resolved", "It was resolved otherwise before; that decision stands."),
        [ErrorCodes.InvalidAssignment] = new(400, "The assignment is not valid", "Name a user for a payment, a recharge for a refund, or neither."),
        [ErrorCodes.InvalidCursor] = new(400, "The cursor is not valid", "Send nextCursor as it came, with the same user, times and service; or none, for the first page."),
        [ErrorCodes.InvalidLimit] = new(400, "The limit is not valid", "Send a whole number from 1 to 500, or none."),
        [ErrorCodes.InvalidRange] = new(400, "The range of time is not valid", "Send from and to as RFC 3339 times, from before to, and + as %2B in a URL; or a period alone: today, this_month or all_time."),
        [ErrorCodes.InvalidGrouping] = new(400, "The grouping is not valid", "Group by service, by day or by hour, or by service and one of the others."),
        [ErrorCodes.InvalidTimeZone] = new(400, "The time zone is not known", "Send an IANA name, such as Asia/Kathmandu."),
        [ErrorCodes.InsufficientFunds] = new(402, "The funds do not cover it", "Recharge, then repeat with the same id."),
        [ErrorCodes.RequestExpired] = new(504, "The deadline had passed", "Nothing was charged; repeat with the same id and a later deadline."),
        [ErrorCodes.AccountNotFound] = new(404, "The account is not there", "The first operation on a user makes the account."),
        [ErrorCodes.ChargingDelayed] = new(503, "Charging is delayed", "Ask again in a moment."),
        [ErrorCodes.DatabaseUnavailable] = new(503, "The database is not available", "Repeat with the same id in a moment; nothing is charged twice."),
    }.ToFrozenDictionary();
}
