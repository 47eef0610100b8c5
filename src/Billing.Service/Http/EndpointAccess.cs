using System.Collections.Frozen;
using Billing.Service.Access;

namespace Billing.Service.Http;

/// <summary>
/// What each endpoint is open to, where keys are needed: all of them in one place. An endpoint that has no row here is open to nobody.
/// </summary>
public static class EndpointAccess
{
    const KeyScope Gateway = KeyScope.Gateway, Web = KeyScope.Web, Payment = KeyScope.Payment, Admin = KeyScope.Admin;

    /// <param name="OneUser">What a key that is bound to a user finds here.</param>
    /// <param name="Scopes">Those of which a key needs one; none: no key is needed.</param>
    public sealed record Row(OneUser OneUser, params IReadOnlyList<KeyScope> Scopes);

    public static readonly FrozenDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        ["GET /"] = new(OneUser.Indifferent),
        ["GET /errors"] = new(OneUser.Indifferent),
        ["GET /errors/{code}"] = new(OneUser.Indifferent),
        ["GET /metrics"] = new(OneUser.Refused, Admin),
        ["* /health/live"] = new(OneUser.Indifferent),
        ["* /health/ready"] = new(OneUser.Indifferent),

        // Only the gateway says what was used, and spends what is there before a call.
        ["POST /v1/usage"] = new(OneUser.Refused, Gateway),
        ["POST /v1/deductions"] = new(OneUser.Refused, Gateway),
        ["POST /v1/accounts/{userId}/reservations"] = new(OneUser.InPath, Gateway),
        ["POST /v1/accounts/{userId}/reservations/{reservationId:guid}/extensions"] = new(OneUser.InPath, Gateway),
        ["POST /v1/accounts/{userId}/reservations/{reservationId:guid}/release"] = new(OneUser.InPath, Gateway),
        ["POST /v1/usage/{usageId:guid}/reversal"] = new(OneUser.Refused, Gateway, Admin),

        ["GET /v1/accounts/{userId}"] = new(OneUser.InPath, Gateway, Web, Admin),
        ["GET /v1/accounts/{userId}/quota"] = new(OneUser.InPath, Gateway, Web, Admin),
        ["POST /v1/quota/checks"] = new(OneUser.Refused, Gateway, Web, Admin),
        ["POST /v1/accounts/query"] = new(OneUser.Refused, Gateway, Web, Admin),
        // No more than the first usage does.
        ["PUT /v1/accounts/{userId}"] = new(OneUser.InPath, Gateway, Admin),
        ["GET /v1/services"] = new(OneUser.Indifferent, Gateway, Web, Admin),
        ["GET /v1/services/{service}"] = new(OneUser.Indifferent, Gateway, Web, Admin),

        ["GET /v1/accounts/{userId}/records"] = new(OneUser.InPath, Web, Admin),
        ["GET /v1/accounts/{userId}/ledger"] = new(OneUser.InPath, Web, Admin),
        ["GET /v1/accounts/{userId}/statistics"] = new(OneUser.InPath, Web, Admin),
        ["POST /v1/accounts/{userId}/recharges"] = new(OneUser.InPath, Web),
        ["GET /v1/accounts/{userId}/recharges"] = new(OneUser.InPath, Web, Admin),
        ["GET /v1/recharges/{rechargeId:guid}"] = new(OneUser.InAnswer, Web, Admin),

        // Only the payment service says that money came.
        ["GET /v1/payments/orders"] = new(OneUser.Refused, Payment),
        ["POST /v1/payments/created"] = new(OneUser.Refused, Payment),
        ["POST /v1/payments/succeeded"] = new(OneUser.Refused, Payment),
        ["POST /v1/payments/failed"] = new(OneUser.Refused, Payment),
        ["POST /v1/payments/refunded"] = new(OneUser.Refused, Payment),

        ["POST /v1/accounts/{userId}/adjustments"] = new(OneUser.InPath, Admin),
        ["PUT /v1/accounts/{userId}/overdraft"] = new(OneUser.InPath, Admin),
        ["POST /v1/recharges/{rechargeId:guid}/resolution"] = new(OneUser.Refused, Admin),
        ["GET /v1/unmatched-payments"] = new(OneUser.Refused, Admin),
        ["POST /v1/unmatched-payments/{unmatchedId:guid}/assignment"] = new(OneUser.Refused, Admin),
        ["GET /v1/rejected-usage"] = new(OneUser.Refused, Admin),
        ["GET /v1/rejected-usage/reasons"] = new(OneUser.Refused, Admin),
        ["POST /v1/rejected-usage/retry"] = new(OneUser.Refused, Admin),
        ["GET /v1/operator-acts"] = new(OneUser.Refused, Admin),
        ["PUT /v1/services/{service}"] = new(OneUser.Refused, Admin),
        ["POST /v1/services/{service}/prices"] = new(OneUser.Refused, Admin),
        ["POST /v1/services/{service}/free-quotas"] = new(OneUser.Refused, Admin),
        ["PUT /v1/accounts/{userId}/balance-alert"] = new(OneUser.InPath, Admin),
        ["POST /v1/webhooks"] = new(OneUser.Refused, Admin),
        ["GET /v1/webhooks"] = new(OneUser.Refused, Admin),
        ["GET /v1/webhooks/{webhookId:guid}"] = new(OneUser.Refused, Admin),
        ["DELETE /v1/webhooks/{webhookId:guid}"] = new(OneUser.Refused, Admin),
        ["PUT /v1/webhooks/{webhookId:guid}/enabled"] = new(OneUser.Refused, Admin),
        ["POST /v1/webhooks/{webhookId:guid}/rotation"] = new(OneUser.Refused, Admin),
        ["POST /v1/webhooks/{webhookId:guid}/test"] = new(OneUser.Refused, Admin),
        ["GET /v1/webhooks/{webhookId:guid}/deliveries"] = new(OneUser.Refused, Admin),
        ["POST /v1/webhooks/{webhookId:guid}/deliveries/{deliveryId:long}/replay"] = new(OneUser.Refused, Admin),
        ["GET /v1/api-keys"] = new(OneUser.Refused, Admin),
        ["POST /v1/api-keys"] = new(OneUser.Refused, Admin),
        ["DELETE /v1/api-keys/{keyId}"] = new(OneUser.Refused, Admin),
        ["GET /v1/jobs"] = new(OneUser.Refused, Admin),
        ["GET /v1/jobs/{job}"] = new(OneUser.Refused, Admin),
        ["POST /v1/jobs/{job}/run"] = new(OneUser.Refused, Admin),
    }.ToFrozenDictionary();

    public static Row? Of(RouteEndpoint endpoint) => Rows.GetValueOrDefault(NameOf(endpoint));

    /// <summary>How an endpoint is named here: its method, or * for all of them, and its route.</summary>
    public static string NameOf(RouteEndpoint endpoint)
    {
        var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var only] ? only : "*";
        return $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}";
    }
}
