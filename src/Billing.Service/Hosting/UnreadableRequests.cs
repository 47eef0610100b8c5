using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.Serialization;

namespace Billing.Service.Hosting;

/// <summary>
/// A plain request that is no JSON, or whose fields have other types, is answered with the code "invalid_request" and is done with: its
/// sender knows, and it moved nothing. What nobody waits for goes on to where operators look.
/// </summary>
sealed class UnreadableRequests : IFilter<ReceiveContext>, IFilter<ExceptionReceiveContext>
{
    const string Nature = "The body is not the JSON of this request";

    /// <summary>What no consumer could take, for its fields have other types.</summary>
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!await Answer(context, $"{Nature}: a field has another type.")) await next.Send(context);
    }

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var unreadable = context.Exception is JsonException or SerializationException;
        if (!unreadable || !await Answer(context, $"{Nature}: {(context.Exception.InnerException ?? context.Exception).Message}")) await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("unreadableRequests");

    static async Task<bool> Answer(ReceiveContext context, string detail)
    {
        // What fails is looked at again as what nobody took.
        if (context.TryGetPayload<Told>(out _)) return true;
        if (!context.TryGetPayload<RabbitMqBasicConsumeContext>(out var request) || IsEnvelope(request) || request.Properties.ReplyTo is not { } replyTo || !DirectReplyTo.IsRequester(replyTo)) return false;

        context.AddOrUpdatePayload(() => new Told(), told => told);
        var endpoint = await context.SendEndpointProvider.GetSendEndpoint(new Uri(context.InputAddress, DirectReplyTo.Name));
        await endpoint.Send(new UnreadableRequest(ErrorCodes.InvalidRequest, detail), send => PlainReply.Address(send, replyTo, request.Properties.CorrelationId));
        return true;
    }

    /// <summary>These are <see cref="UnreadableEnvelopes"/>'.</summary>
    static bool IsEnvelope(RabbitMqBasicConsumeContext request) => request.Properties.ContentType == SystemTextJsonMessageSerializer.JsonContentType.MediaType;

    /// <summary>That a message's requester has been answered.</summary>
    internal sealed record Told;

    sealed record UnreadableRequest(string Code, string Detail);
}
