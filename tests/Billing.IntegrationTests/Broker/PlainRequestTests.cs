using System.Text;
using System.Text.Json;
using Billing.Service.Charging;
using Billing.TestSupport.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.IntegrationTests.Broker;

/// <summary>Requests in plain JSON, as a program asks that knows nothing of MassTransit: reply_to and correlation_id alone.</summary>
[Collection(ServersCollection.Name)]
public sealed class PlainRequestTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const string DirectReplyTo = "amq.rabbitmq.reply-to";
    static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_plain_request_is_answered_plainly_with_its_correlation_id()
    {
        var (properties, answer) = await Ask("DeductQuota", Deduction(Ids.WithTime().ToString()), "anything at all");

        Assert.Equal(("application/json", "anything at all"), (properties.ContentType, properties.CorrelationId));
        Assert.True(answer.GetProperty("charged").GetBoolean());
        Assert.Equal(1, answer.GetProperty("freeUnits").GetInt64());
    }

    [Theory]
    [InlineData("DeductQuota", """{"usageId":"zz","userId":"ann","service":"image","quantity":1,"occurredAt":"2026-11-22T20:00:00Z"}""", "invalid_usage_id")]
    [InlineData("DeductQuota", "{}", "invalid_usage_id")]
    [InlineData("DeductQuota", "garbage", "invalid_request")]
    [InlineData("ReserveQuota", """{"reservationId":17,"userId":"ann"}""", "invalid_request")]
    [InlineData("ReserveQuota", """{"quantity":"seven"}""", "invalid_request")]
    [InlineData("ReserveQuota", "null", "invalid_request")]
    [InlineData("GetAccount", "[]", "invalid_request")]
    [InlineData("GetAccount", """{"userId":"two words"}""", "invalid_user_id")]
    public async Task A_wrong_plain_request_is_told_what_is_wrong(string request, string body, string code)
    {
        var (_, answer) = await Ask(request, body, "1");

        Assert.Equal(code, answer.GetProperty("code").GetString());
        Assert.NotEmpty(answer.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Without_reply_to_it_is_done_and_nobody_is_told()
    {
        var usageId = Ids.WithTime();
        var settled = running.Received.Settled;
        await running.Gateway.PublishTo("Billing.Contracts:DeductQuota", "", Encoding.UTF8.GetBytes(Deduction(usageId.ToString())));

        await Eventually.That(() => running.Count("select count(*) from usage_record where usage_id = $1", usageId), count => count == 1, "it is charged");
        await Eventually.That(() => Task.FromResult(running.Received.Settled), now => now > settled, "it is settled");
        Assert.Equal(0, await running.Broker.Ready("billing-deduct-quota_error"));
    }

    [Theory]
    [InlineData("""{"userId":"ann"}""", "application/json")]
    public async Task An_answer_reaches_no_queue_by_its_name(string request, string contentType)
    {
        const string queue = "billing-payment-succeeded";
        await using var asker = await Asker.Connect(running.Broker.AsGateway);
        await using var payments = await Publisher.Connect(running.Broker.AsPaymentService);
        var settled = running.Received.Settled;

        await asker.Publish("GetAccount", request, new BasicProperties { ContentType = contentType, ReplyTo = queue });

        await Eventually.That(() => Task.FromResult(running.Received.Settled), now => now > settled, "the request is settled");
        // Behind an answer that went there: when this one is settled, that one is.
        var notice = Ids.WithTime();
        await payments.PublishTo("Billing.Contracts:PaymentSucceeded", "", JsonSerializer.SerializeToUtf8Bytes(new { rechargeId = notice, paymentId = $"pay-{notice}", amount = "1.00", currency = "USD" }));
        await Eventually.That(() => running.Count("select count(*) from recharges.unmatched_payments where recharge_id = $1", notice), count => count == 1, "the notice is kept");
        Assert.Equal(0, await running.Count("select count(*) from recharges.unmatched_payments where reason = 'invalid_notification'"));
    }

    [Fact]
    public async Task Usage_that_names_a_queue_for_an_answer_is_charged_all_the_same()
    {
        await using var asker = await Asker.Connect(running.Broker.AsGateway);
        var usageId = Ids.WithTime();

        await asker.Publish("UsageOccurred", Deduction(usageId.ToString()), new BasicProperties { ContentType = "application/json", ReplyTo = "a-queue-of-my-own" });

        await Eventually.That(() => running.Count("select count(*) from usage_record where usage_id = $1", usageId), count => count == 1, "it is charged");
    }

    [Fact]
    public async Task A_question_about_a_recharge_that_nobody_waits_for_does_not_go_round()
    {
        await using var web = await Publisher.Connect(running.Broker.AsWeb);
        var settled = running.Received.Settled;

        await web.PublishInEnvelope(new GetRecharge { RechargeId = Ids.WithTime() });

        await Eventually.That(() => Task.FromResult(running.Received.Settled), now => now > settled, "it is settled");
        Assert.Equal((0, 0), (await running.Broker.Ready("billing-get-recharge"), await running.Broker.Ready("billing-get-recharge_error")));
    }

    async Task<(IReadOnlyBasicProperties Properties, JsonElement Answer)> Ask(string request, string body, string correlationId)
    {
        await using var asker = await Asker.Connect(running.Broker.AsGateway);
        await asker.Publish(request, body, new BasicProperties { ContentType = "application/json", ReplyTo = DirectReplyTo, CorrelationId = correlationId });
        return await asker.Answer.WaitAsync(AnsweredWithin);
    }

    static string Deduction(string usageId) =>
        JsonSerializer.Serialize(new { usageId, userId = Ids.User("plain"), service = TestCatalogue.Image, quantity = 1, occurredAt = TimeProvider.System.GetUtcNow() });

    sealed class Asker(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        readonly TaskCompletionSource<(IReadOnlyBasicProperties, JsonElement)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(IReadOnlyBasicProperties Properties, JsonElement Answer)> Answer => _answer.Task;

        public static async Task<Asker> Connect(Uri address)
        {
            var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
            var channel = await connection.CreateChannelAsync();
            var asker = new Asker(connection, channel);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                asker._answer.TrySetResult((new BasicProperties(delivery.BasicProperties), JsonElement.Parse(delivery.Body.ToArray())));
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(DirectReplyTo, autoAck: true, consumer);
            return asker;
        }

        public ValueTask Publish(string request, string body, BasicProperties properties) =>
            channel.BasicPublishAsync($"Billing.Contracts:{request}", "", mandatory: true, properties, Encoding.UTF8.GetBytes(body));

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
