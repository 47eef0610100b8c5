using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Billing.TestSupport.Access;
using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Billing.IntegrationTests.Attacks;

/// <summary>Two instances of the service on one database and one broker, with keys; the payment service is played by the test.</summary>
public class AttackedService(Servers servers) : ServiceOnServers(servers)
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    static readonly string[] Scopes = ["gateway", "web", "payment", "admin"];

    readonly Dictionary<string, string> _keys = [];
    int _turn;

    /// <summary>The second instance.</summary>
    public TestService Other { get; private set; } = null!;

    public Publisher PaymentService { get; private set; } = null!;

    public string KeyOf(string scope) => _keys[scope];

    protected override string[] Settings => ["Http:RequireKeys=true", "Recharges:AnswerWithin=00:00:00.05", .. Times];

    protected virtual string[] Times => [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Other = await StartOther();
        foreach (var scope in Scopes) _keys[scope] = await TestKeys.Make(Service, scope);
        PaymentService = await Publisher.Connect(Broker.AsPaymentService);
        // What is told to the payment service has to go somewhere.
        await PaymentService.Channel.QueueDeclareAsync("payment-service", durable: true, exclusive: false, autoDelete: false);
        foreach (var told in (string[])["CreatePayment", "QueryPayment"])
        {
            await PaymentService.Channel.ExchangeDeclareAsync($"Billing.Contracts:{told}", ExchangeType.Fanout, durable: true);
            await PaymentService.Channel.QueueBindAsync("payment-service", $"Billing.Contracts:{told}", "");
        }
    }

    /// <summary>Ends the second instance, as a deployment does, and starts it again.</summary>
    public async Task RestartOther()
    {
        await Other.DisposeAsync();
        Other = await StartOther();
    }

    /// <summary>Asks one of the two instances, in turn.</summary>
    public async Task<(int Status, JsonElement Body)> Http(string method, string path, string? key, object? body = null)
    {
        var instance = Interlocked.Increment(ref _turn) % 2 == 0 ? Service : Other;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        using var answer = await instance.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonElement.Parse(text) : default);
    }

    /// <summary>Everything that was told has been acted upon: nothing waits in an outbox or a queue of the service, and nothing is in work.</summary>
    public async Task IsQuiet()
    {
        await Eventually.That(async () =>
        {
            var before = (await Waiting(), Received.Settled);
            await Task.Delay(Quiet);
            return before.Item1 == 0 && await Waiting() == 0 && Received.Settled == before.Settled;
        }, quiet => quiet, "nothing waits in outboxes and queues");

        async Task<long> Waiting()
        {
            var outboxes = await Count("select (select count(*) from recharges.outbox_message where enqueue_time is null) + (select count(*) from outbox_message where enqueue_time is null)");
            return outboxes + await Broker.Waiting() - await Broker.Ready("payment-service");
        }
    }

    public override async Task DisposeAsync()
    {
        await PaymentService.DisposeAsync();
        await Other.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<TestService> StartOther()
    {
        var other = await TestService.Start(Postgres, Broker.AsService, settings: Settings);
        other.Services.GetRequiredService<IBus>().ConnectReceiveObserver(Received);
        await Eventually.That(async () => (int)(await other.Http.GetAsync("/health/ready")).StatusCode, status => status == 200, "the second instance is ready");
        return other;
    }
}
