using System.Net.Mime;
using System.Text.Json;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Serialization;

namespace Billing.Service.Intake;

/// <summary>
/// Reads plain JSON straight into the one message of its queue. MassTransit's own deserializer makes a document of it first, which costs as
/// much again in time and several times the message in memory. Whatever cannot be read here is left to that one, so it fails as ever.
/// </summary>
sealed class DirectJson<TMessage>(IMessageDeserializer thorough) : IMessageDeserializer where TMessage : class
{
    public ContentType ContentType => thorough.ContentType;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => Read(receiveContext.Body.GetBytes()) is { } message
        ? new BodyConsumeContext(receiveContext, new ReadMessage(receiveContext, message, thorough))
        : thorough.Deserialize(receiveContext);

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) => thorough.Deserialize(body, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => thorough.GetMessageBody(text);

    public void Probe(ProbeContext context) => thorough.Probe(context);

    /// <summary>The message, or null where the thorough one has to say what is wrong with it, and what becomes of it.</summary>
    internal static TMessage? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<TMessage>(body, SystemTextJsonMessageSerializer.Options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    sealed class ReadMessage(ReceiveContext received, TMessage message, IMessageDeserializer thorough) : SystemTextJsonSerializerContext(
        SystemTextJsonMessageSerializer.Instance, SystemTextJsonMessageSerializer.Options, thorough.ContentType,
        new RawMessageContext(received.TransportHeaders, received.InputAddress, Options), received.TransportHeaders.GetMessageTypes(), message: message)
    {
        new const RawSerializerOptions Options = RawSerializerOptions.AnyMessageType;

        public override bool IsSupportedMessageType<T>() => typeof(T) == typeof(TMessage);

        public override bool IsSupportedMessageType(Type messageType) => messageType == typeof(TMessage);

        // To send it on as it came.
        public override IMessageSerializer GetMessageSerializer() => thorough.Deserialize(received.Body, received.TransportHeaders, received.InputAddress).GetMessageSerializer();
    }
}

/// <summary>For plain JSON by any publisher, with <see cref="DirectJson{TMessage}"/>.</summary>
sealed class DirectJsonFactory<TMessage> : ISerializerFactory where TMessage : class
{
    readonly SystemTextJsonRawMessageSerializer _json = new(RawSerializerOptions.AnyMessageType);

    public ContentType ContentType => _json.ContentType;

    public IMessageSerializer CreateSerializer() => _json;

    public IMessageDeserializer CreateDeserializer() => new DirectJson<TMessage>(_json);
}
