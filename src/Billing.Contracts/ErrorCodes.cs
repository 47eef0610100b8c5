namespace Billing.Contracts;

/// <summary>Every code that a caller can meet: the same on the broker, over HTTP and in <c>rejected_usage</c>. A code never changes its meaning.</summary>
public static class ErrorCodes
{
    // Who comes in, over HTTP
    public const string KeyMissing = "key_missing";
    public const string KeyUnknown = "key_unknown";
    public const string KeyRevoked = "key_revoked";
    public const string KeyExpired = "key_expired";
    public const string ScopeMissing = "scope_missing";
    public const string ForbiddenUser = "forbidden_user";
    public const string TooManyFailures = "too_many_failures";

    // What a usage, or a request for one, can get wrong
    public const string InvalidUsageId = "invalid_usage_id";
    public const string InvalidUserId = "invalid_user_id";
    public const string InvalidService = "invalid_service";
    public const string InvalidQuantity = "invalid_quantity";
    public const string InvalidCost = "invalid_cost";
    public const string InvalidOccurredAt = "invalid_occurred_at";
    public const string InvalidDeadline = "invalid_deadline";
    public const string UnknownService = "unknown_service";
    public const string CostMissing = "cost_missing";
    public const string CostNotAllowed = "cost_not_allowed";
    public const string CurrencyMismatch = "currency_mismatch";
    public const string UsageTooOld = "usage_too_old";
    public const string UsageInFuture = "usage_in_future";
    public const string UsageIdReused = "usage_id_reused";
    public const string UsageNotFound = "usage_not_found";
    public const string UsageRetired = "usage_retired";
    public const string AmountOverflow = "amount_overflow";
    public const string NotChargeable = "not_chargeable";

    // What a request can get wrong
    public const string InvalidRequest = "invalid_request";
    public const string TooMany = "too_many";
    public const string ForeignCaller = "foreign_caller";
    public const string InvalidOperationId = "invalid_operation_id";
    public const string InvalidAmount = "invalid_amount";
    public const string InvalidActor = "invalid_actor";
    public const string InvalidReason = "invalid_reason";
    public const string OperationIdReused = "operation_id_reused";
    public const string NotRetryable = "not_retryable";
    public const string InvalidCursor = "invalid_cursor";
    public const string InvalidLimit = "invalid_limit";
    public const string InvalidRange = "invalid_range";
    public const string InvalidGrouping = "invalid_grouping";
    public const string InvalidTimeZone = "invalid_time_zone";

    // What a reservation can get wrong
    public const string InvalidReservationId = "invalid_reservation_id";
    public const string InvalidStep = "invalid_step";
    public const string InvalidGrantTime = "invalid_grant_time";
    public const string ReservationNotAllowed = "reservation_not_allowed";
    public const string ReservationNotFound = "reservation_not_found";
    public const string ReservationClosed = "reservation_closed";
    public const string StepPassed = "step_passed";

    // What a change of the catalogue can get wrong
    public const string ServiceExists = "service_exists";
    public const string InvalidPricedBy = "invalid_priced_by";
    public const string InvalidPrice = "invalid_price";
    public const string PriceNotAllowed = "price_not_allowed";
    public const string InvalidFreeUnits = "invalid_free_units";
    public const string InvalidEffectiveTime = "invalid_effective_time";
    public const string EffectiveTooEarly = "effective_too_early";

    // What a wish for a key can get wrong
    public const string InvalidKeyName = "invalid_key_name";
    public const string InvalidScope = "invalid_scope";
    public const string InvalidExpiry = "invalid_expiry";
    public const string KeyNotFound = "key_not_found";

    // What a recharge, or an operator's act on one, can get wrong
    public const string InvalidChannel = "invalid_channel";
    public const string InvalidIdempotencyKey = "invalid_idempotency_key";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string InvalidState = "invalid_state";
    public const string RechargeNotFound = "recharge_not_found";
    public const string RechargeNotInReview = "recharge_not_in_review";
    public const string RechargeNotCredited = "recharge_not_credited";
    public const string RefundExceedsCredit = "refund_exceeds_credit";
    public const string PaymentNotFound = "payment_not_found";
    public const string PaymentCredited = "payment_credited";
    public const string PaymentResolved = "payment_resolved";
    public const string InvalidAssignment = "invalid_assignment";

    // What a webhook can get wrong
    public const string InvalidUrl = "invalid_url";
    public const string InvalidEvents = "invalid_events";
    public const string WebhookNotFound = "webhook_not_found";
    public const string DeliveryNotFound = "delivery_not_found";

    // What an operator can get wrong about a job
    public const string JobNotFound = "job_not_found";
    public const string JobRunning = "job_running";

    // Why the answer is no
    public const string InsufficientFunds = "insufficient_funds";
    public const string RequestExpired = "request_expired";
    public const string AccountNotFound = "account_not_found";
    public const string ChargingDelayed = "charging_delayed";
    public const string DatabaseUnavailable = "database_unavailable";
}
