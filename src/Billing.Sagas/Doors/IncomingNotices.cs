using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace Billing.Sagas.Doors;

// What the doors receive. On the wire these are the contracts of the same name; here every field may be missing or wrong.

[MessageUrn("Billing.Contracts:PaymentCreated")]
[EntityName("Billing.Contracts:PaymentCreated")]
[JsonConverter(typeof(IncomingNoticeConverter<IncomingPaymentCreated>))]
public sealed record IncomingPaymentCreated(JsonElement Body) : IIncomingNotice<IncomingPaymentCreated>
{
    public static IncomingPaymentCreated Of(JsonElement body) => new(body);
}

[MessageUrn("Billing.Contracts:PaymentSucceeded")]
[EntityName("Billing.Contracts:PaymentSucceeded")]
[JsonConverter(typeof(IncomingNoticeConverter<IncomingPaymentSucceeded>))]
public sealed record IncomingPaymentSucceeded(JsonElement Body) : IIncomingNotice<IncomingPaymentSucceeded>
{
    public static IncomingPaymentSucceeded Of(JsonElement body) => new(body);
}

[MessageUrn("Billing.Contracts:PaymentFailed")]
[EntityName("Billing.Contracts:PaymentFailed")]
[JsonConverter(typeof(IncomingNoticeConverter<IncomingPaymentFailed>))]
public sealed record IncomingPaymentFailed(JsonElement Body) : IIncomingNotice<IncomingPaymentFailed>
{
    public static IncomingPaymentFailed Of(JsonElement body) => new(body);
}

[MessageUrn("Billing.Contracts:PaymentRefunded")]
[EntityName("Billing.Contracts:PaymentRefunded")]
[JsonConverter(typeof(IncomingNoticeConverter<IncomingPaymentRefunded>))]
public sealed record IncomingPaymentRefunded(JsonElement Body) : IIncomingNotice<IncomingPaymentRefunded>
{
    public static IncomingPaymentRefunded Of(JsonElement body) => new(body);
}

interface IIncomingNotice<TSelf>
{
    static abstract TSelf Of(JsonElement body);
}

/// <summary>The message is the body, with no object around it.</summary>
sealed class IncomingNoticeConverter<T> : JsonConverter<T> where T : class, IIncomingNotice<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Of(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException("What comes in is never sent on.");
}
