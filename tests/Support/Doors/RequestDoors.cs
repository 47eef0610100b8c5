namespace Billing.TestSupport.Doors;

/// <summary>Every request there is. A test compares them with the rights of the broker, so that a new one is not forgotten.</summary>
public static class RequestDoors
{
    const string Signed = "\"actor\":\"olga\",\"reason\":\"a test\"";
    const string Account = "/v1/accounts/$user";

    public static readonly IReadOnlyList<RequestDoor> All =
    [
        Of("CheckQuota", "gateway", """{"userId":"$user","service":"image","quantity":1,"cost":null}""", $"GET {Account}/quota?service=image&quantity=1", null, ErrorCodes.InvalidUserId),
        Of("CheckQuotas", "gateway", """{"items":[{"userId":"$user","service":"image","quantity":1}]}""", "POST /v1/quota/checks", """[{"userId":"$user","service":"image","quantity":1}]""", ErrorCodes.InvalidRequest),
        Same("DeductQuota", "gateway", """{"usageId":"$id","userId":"$user","service":"image","quantity":1,"occurredAt":"$now","deadline":"2099-01-01T00:00:00Z"}""", "POST /v1/deductions", ErrorCodes.InvalidUsageId),
        Of("ReserveQuota", "gateway", """{"reservationId":"$id","userId":"$user","service":"image","quantity":1,"grantSeconds":30}""", $"POST {Account}/reservations", """{"reservationId":"$id","service":"image","quantity":1,"grantSeconds":30}""", ErrorCodes.InvalidReservationId),
        Of("ExtendReservation", "gateway", """{"reservationId":"$id","userId":"$user","step":1,"quantity":1,"grantSeconds":30}""", $"POST {Account}/reservations/$id/extensions", """{"step":1,"quantity":1,"grantSeconds":30}""", ErrorCodes.InvalidReservationId),
        Of("ReleaseQuota", "gateway", """{"reservationId":"$id","userId":"$user","usedQuantity":1}""", $"POST {Account}/reservations/$id/release", """{"usedQuantity":1}""", ErrorCodes.InvalidReservationId),
        Of("InitializeAccount", "api-key-service", """{"userId":"$user"}""", $"PUT {Account}", null, ErrorCodes.InvalidUserId),
        Of("GetAccount", "gateway", """{"userId":"$user"}""", $"GET {Account}", null, ErrorCodes.InvalidUserId),
        Same("GetAccounts", "web", """{"userIds":["$user"]}""", "POST /v1/accounts/query", ErrorCodes.InvalidRequest),
        Of("ListRecords", "web", """{"userId":"$user","limit":10}""", $"GET {Account}/records?limit=10", null, ErrorCodes.InvalidUserId),
        Of("ListLedger", "web", """{"userId":"$user","limit":10}""", $"GET {Account}/ledger?limit=10", null, ErrorCodes.InvalidUserId),
        Of("GetStatistics", "web", """{"userId":"$user","period":"today","groupBy":["service"]}""", $"GET {Account}/statistics?period=today&groupBy=service", null, ErrorCodes.InvalidUserId),
        Of("StartRecharge", "web", """{"userId":"$user","amount":"10.00","currency":"USD","channel":"card","idempotencyKey":"$id"}""", $"POST {Account}/recharges", """{"amount":"10.00","currency":"USD","channel":"card","idempotencyKey":"$id"}""", ErrorCodes.InvalidUserId) with { IsPlain = false },
        Of("GetRecharge", "web", """{"rechargeId":"$id"}""", "GET /v1/recharges/$id", null, ErrorCodes.RechargeNotFound) with { IsPlain = false },
        Of("ListRecharges", "web", """{"userId":"$user","limit":10}""", $"GET {Account}/recharges?limit=10", null, ErrorCodes.InvalidUserId) with { IsPlain = false },
        Of("AdjustBalance", "operator", $$"""{"adjustmentId":"$id","userId":"$user","amount":"1.00",{{Signed}}}""", $"POST {Account}/adjustments", $$"""{"adjustmentId":"$id","amount":"1.00",{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("ReverseUsage", "operator", $$"""{"usageId":"$id","userId":"$user",{{Signed}}}""", "POST /v1/usage/$id/reversal", $$"""{"userId":"$user",{{Signed}}}""", ErrorCodes.InvalidUsageId),
        Of("SetOverdraft", "operator", $$"""{"operationId":"$id","userId":"$user","limit":"1.00",{{Signed}}}""", $"PUT {Account}/overdraft", $$"""{"operationId":"$id","limit":"1.00",{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("SetBalanceAlert", "operator", $$"""{"operationId":"$id","userId":"$user","threshold":"1.00",{{Signed}}}""", $"PUT {Account}/balance-alert", $$"""{"operationId":"$id","threshold":"1.00",{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("ListRejectedUsage", "operator", """{"reason":"invalid_quantity","limit":10}""", "GET /v1/rejected-usage?reason=invalid_quantity&limit=10", null, null),
        Of("CountRejectedUsage", "operator", """{"userId":"$user"}""", "GET /v1/rejected-usage/reasons?userId=$user", null, null),
        Same("RetryRejected", "operator", $$"""{"operationId":"$id","userId":"$user","limit":10,{{Signed}}}""", "POST /v1/rejected-usage/retry", ErrorCodes.InvalidOperationId),
        Of("ListOperatorActs", "operator", """{"userId":"$user","actor":"olga","limit":10}""", "GET /v1/operator-acts?userId=$user&actor=olga&limit=10", null, null),
        Of("ResolveRecharge", "operator", $$"""{"rechargeId":"$id","credit":"1.00",{{Signed}}}""", "POST /v1/recharges/$id/resolution", $$"""{"credit":"1.00",{{Signed}}}""", ErrorCodes.RechargeNotFound) with { IsPlain = false },
        Of("AssignPayment", "operator", $$"""{"unmatchedId":"$id","userId":"$user",{{Signed}}}""", "POST /v1/unmatched-payments/$id/assignment", $$"""{"userId":"$user",{{Signed}}}""", ErrorCodes.PaymentNotFound) with { IsPlain = false },
        Of("ListUnmatchedPayments", "operator", """{"limit":10}""", "GET /v1/unmatched-payments?limit=10", null, null) with { IsPlain = false },
        Of("RegisterService", "operator", $$"""{"operationId":"$id","service":"$user","pricedBy":"catalogue","price":{"amount":"0.10","perUnits":1},"freeUnits":0,{{Signed}}}""", "PUT /v1/services/$user", $$"""{"operationId":"$id","pricedBy":"catalogue","price":{"amount":"0.10","perUnits":1},"freeUnits":0,{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("ChangePrice", "operator", $$"""{"operationId":"$id","service":"$user","amount":"0.20","perUnits":1,{{Signed}}}""", "POST /v1/services/$user/prices", $$"""{"operationId":"$id","amount":"0.20","perUnits":1,{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("ChangeFreeQuota", "operator", $$"""{"operationId":"$id","service":"$user","freeUnits":7,{{Signed}}}""", "POST /v1/services/$user/free-quotas", $$"""{"operationId":"$id","freeUnits":7,{{Signed}}}""", ErrorCodes.InvalidOperationId),
        Of("GetCatalogue", "web", "{}", "GET /v1/services", null, null),
        Of("GetService", "web", """{"service":"image"}""", "GET /v1/services/image", null, ErrorCodes.InvalidService),
    ];

    public static RequestDoor Named(string message) => All.Single(door => door.Message == message);

    static RequestDoor Of(string message, string role, string body, string http, string? httpBody, string? ofNothing) => new(message, role, body, http, httpBody, ofNothing);

    static RequestDoor Same(string message, string role, string body, string http, string ofNothing) => Of(message, role, body, http, body, ofNothing);
}
