using System.Text.Json;

namespace Billing.Sagas.Doors;

/// <summary>What the payment service says, read field by field: a notification that is wrong is kept, never thrown away.</summary>
public static class PaymentNotices
{
    const int UrlLengthMax = 2_000;
    const int ReasonLengthMax = 200;

    /// <summary>The notification, or what is wrong with it and what would be right.</summary>
    public static (PaymentCreated? Notice, string? Problem) Created(JsonElement body)
    {
        var fields = new Fields(body);
        var notice = new PaymentCreated { RechargeId = fields.RechargeId(), PaymentId = fields.Id("paymentId"), PayUrl = fields.Text("payUrl", UrlLengthMax) };
        if (!Uri.TryCreate(notice.PayUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) fields.Wrong("payUrl is an absolute http or https URL");
        return (notice, fields.Problem);
    }

    public static (PaymentSucceeded? Notice, string? Problem) Succeeded(JsonElement body)
    {
        var fields = new Fields(body);
        return (new PaymentSucceeded
        {
            RechargeId = fields.RechargeId(),
            PaymentId = fields.Id("paymentId"),
            Amount = fields.Amount(),
            Currency = fields.Currency(),
            PaidAt = fields.OptionalTime("paidAt"),
        }, fields.Problem);
    }

    public static (PaymentFailed? Notice, string? Problem) Failed(JsonElement body)
    {
        var fields = new Fields(body);
        return (new PaymentFailed
        {
            RechargeId = fields.RechargeId(),
            PaymentId = fields.OptionalText("paymentId", Names.LengthMax),
            Reason = fields.OptionalText("reason", ReasonLengthMax),
        }, fields.Problem);
    }

    public static (PaymentRefunded? Notice, string? Problem) Refunded(JsonElement body)
    {
        var fields = new Fields(body);
        return (new PaymentRefunded
        {
            RechargeId = fields.RechargeId(),
            PaymentId = fields.Id("paymentId"),
            RefundId = fields.Id("refundId"),
            Amount = fields.Amount(),
            Currency = fields.Currency(),
        }, fields.Problem);
    }
}
