using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Events;
using MassTransit.Metadata;

namespace Billing.Service.Hosting;

/// <summary>
/// A request in MassTransit's envelope whose message has fields of other types, or is another message, is answered by a fault with the code
/// "invalid_request" and is done with: left to itself the library would tell nobody, and its requester would wait in vain. What nobody waits
/// for goes on to where operators look.
/// </summary>
sealed class UnreadableEnvelopes : IFilter<ConsumeContext>
{
    /// <summary>Before the message is looked for in the envelope: an endpoint's other filters never see what is not there.</summary>
    public static void AreAnsweredAt(IReceiveEndpointConfigurator endpoint) =>
        endpoint.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(new UnreadableEnvelopes()));

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var message = context.ReceiveContext;
        try
        {
            await next.Send(context);
        }
        // What a consumer threw is told by the library, and is no fault of the requester's.
        catch (Exception exception) when (exception is JsonException or SerializationException && !message.IsFaulted && IsWaitedFor(context))
        {
            await Answer(context, $"A field has another type: {exception.Message}");
            return;
        }
        if (!message.IsDelivered && !message.IsFaulted && IsWaitedFor(context)) await Answer(context, "The envelope has no message of the type that this queue takes.");
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("unreadableEnvelopes");

    static bool IsWaitedFor(ConsumeContext context) =>
        context is { RequestId: not null, ResponseAddress: not null } && OwnRepliesOnly.IsAllowed(context.ResponseAddress) && OwnRepliesOnly.IsAllowed(context.FaultAddress);

    static async Task Answer(ConsumeContext context, string detail)
    {
        var (id, types) = (NewId.Next(), context.SupportedMessageTypes.ToArray());
        await context.RespondAsync(new RequestFault
        {
            Code = ErrorCodes.InvalidRequest,
            Detail = detail,
            FaultId = id.ToGuid(),
            FaultedMessageId = context.MessageId,
            Timestamp = id.Timestamp,
            FaultMessageTypes = types,
            Host = HostMetadataCache.Host,
            Exceptions = [new FaultExceptionInfo(new SerializationException($"{ErrorCodes.InvalidRequest}: {detail}"))],
        }, Pipe.Execute<SendContext<RequestFault>>(send => send.SupportedMessageTypes = [.. types.Select(FaultOf), MessageUrn.ForTypeString<Fault>()]));
        context.ReceiveContext.AddOrUpdatePayload(() => new UnreadableRequests.Told(), told => told);
    }

    /// <summary>The name by which a requester waits for a fault of what it has asked.</summary>
    static string FaultOf(string messageType) => $"{MessageUrn.Prefix}MassTransit:Fault[[{messageType.Replace(MessageUrn.Prefix, "", StringComparison.OrdinalIgnoreCase)}]]";

    /// <summary>A fault as MassTransit's requesters read it, and for all others what a plain request would be told.</summary>
    sealed class RequestFault : FaultEvent
    {
        public required string Code { get; init; }
        public required string Detail { get; init; }
    }
}
