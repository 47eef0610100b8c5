using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Billing.Client;
using Billing.Client.AspNetCore;
using Billing.Client.Requests;
using Billing.Tests.Client.Leases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.Client.AspNetCore;

/// <summary>A gateway whose endpoints are metered, on a service of the test's.</summary>
public sealed class MeteringTests : IAsyncLifetime
{
    const string UserHeader = "X-Test-User";

    readonly Sink _sink = new();
    readonly FakeFunds _funds = new(TimeProvider.System);
    WebApplication _app = null!;
    HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<IRequestDoor>(_funds);
        builder.Services.AddSingleton<IUsageSink>(_sink);
        builder.Services.AddBillingClient(options => options.Address = new Uri("http://localhost"));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            // Stands for the authentication of the gateway.
            if (context.Request.Headers[UserHeader].ToString() is { Length: > 0 } user) context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
            return next(context);
        });
        _app.UseRouting();
        _app.MapGet("/unguarded", () => "free").Metered("chat").Add(endpoint => endpoint.Metadata.Add("unguarded"));
        _app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<string>() != "unguarded", branch => branch.UseBilling());
        _app.MapGet("/open", () => "open");
        _app.MapGet("/ocr", () => "read").Metered("ocr");
        _app.MapGet("/pages", () => "read").Metered("ocr", units: 3);
        _app.MapGet("/tokens/{count}", (HttpContext context, long count) =>
        {
            context.Usage().Add(count);
            return count.ToString();
        }).Metered("chat", reserve: 100);
        _app.MapGet("/llm", (HttpContext context) => context.Usage().SetCost(Money.Parse("0.25"))).Metered("chat");
        _app.MapGet("/status/{code}", (HttpContext context, int code) => Results.StatusCode(code)).Metered("ocr");
        _app.MapGet("/throws", string () => throw new InvalidOperationException("The test's.")).Metered("ocr");
        _app.MapGet("/breaks/{after}", async (HttpContext context, long after) =>
        {
            await context.Response.WriteAsync("some");
            await context.Response.Body.FlushAsync();
            context.Usage().Add(after);
            throw new InvalidOperationException("The test's.");
        }).Metered("chat", reserve: 100);
        await _app.StartAsync();
        _client = _app.GetTestClient();
        _client.DefaultRequestHeaders.Add(UserHeader, "ann");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_charged_to_its_user_under_the_reservation_and_its_answer_names_the_usage()
    {
        using var answer = await _client.GetAsync("/ocr");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var usage = Assert.Single(_sink.Usages);
        Assert.Equal((Id(answer), "ann", "ocr", 1L, null), (usage.UsageId, usage.UserId, usage.Service, usage.Quantity, usage.Cost));
        Assert.Contains(usage.ReservationId!.Value, _funds.Holds.Keys);
    }

    [Fact]
    public async Task A_usage_id_that_the_caller_sends_is_not_taken()
    {
        var own = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        _client.DefaultRequestHeaders.Add("Billing-Usage-Id", own.ToString());

        using var first = await _client.GetAsync("/ocr");
        using var second = await _client.GetAsync("/ocr");

        Assert.Equal(3, new[] { own, Id(first), Id(second) }.Distinct().Count());
    }

    [Theory]
    [InlineData("/pages", 3)]
    [InlineData("/tokens/42", 42)]
    [InlineData("/tokens/250", 250)]
    public async Task A_call_is_charged_for_what_its_handler_says_or_its_endpoint(string path, long units)
    {
        using var answer = await _client.GetAsync(path);

        Assert.Equal(units, Assert.Single(_sink.Usages).Quantity);
    }

    [Fact]
    public async Task A_cost_that_the_gateway_sets_is_reported()
    {
        using var answer = await _client.GetAsync("/llm");

        Assert.Equal(Money.Parse("0.25"), Assert.Single(_sink.Usages).Cost);
    }

    [Theory]
    [InlineData("/tokens/0")]
    [InlineData("/status/400")]
    [InlineData("/status/503")]
    public async Task A_call_that_used_nothing_or_failed_is_free_and_its_units_are_there_for_the_next(string path)
    {
        using var answer = await _client.GetAsync(path);

        Assert.Empty(_sink.Usages);
        var lease = Assert.Single(Gate.Leases);
        Assert.Equal((lease.Units, 0, 0L), (lease.Left, lease.Outstanding, lease.Used));
    }

    [Fact]
    public async Task A_handler_that_throws_before_it_answered_is_free()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.GetAsync("/throws"));

        Assert.Empty(_sink.Usages);
        Assert.Equal(0, Assert.Single(Gate.Leases).Outstanding);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task An_answer_that_breaks_off_is_charged_for_what_its_meter_says(long units)
    {
        await Assert.ThrowsAnyAsync<Exception>(() => _client.GetStringAsync($"/breaks/{units}"));

        await TestSupport.Eventually.That(() => Task.FromResult(Gate.Leases.Single().Outstanding), calls => calls == 0, "the call is settled");
        Assert.Equal(units == 0 ? [] : [units], _sink.Usages.Select(usage => usage.Quantity));
    }

    [Fact]
    public async Task A_user_without_funds_is_told_to_pay()
    {
        _funds.Available = 0;

        using var answer = await _client.GetAsync("/ocr");

        Assert.Equal((HttpStatusCode.PaymentRequired, ErrorCodes.InsufficientFunds), (answer.StatusCode, await Code(answer)));
        Assert.False(answer.Headers.Contains("Billing-Usage-Id"));
        Assert.Empty(_sink.Usages);
    }

    [Fact]
    public async Task While_the_service_is_away_the_caller_is_told_to_come_again()
    {
        _funds.Happens = _ => FakeFunds.Fault.RequestLost;

        using var answer = await _client.GetAsync("/ocr");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, ClientErrorCodes.NoAnswer), (answer.StatusCode, await Code(answer)));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_service_that_is_not_on_sale_is_the_gateways_fault_and_not_the_users()
    {
        _funds.Refuse = ErrorCodes.UnknownService;

        using var answer = await _client.GetAsync("/ocr");

        Assert.Equal((HttpStatusCode.InternalServerError, ErrorCodes.UnknownService), (answer.StatusCode, await Code(answer)));
    }

    [Fact]
    public async Task A_call_without_a_user_is_not_let_in()
    {
        _client.DefaultRequestHeaders.Remove(UserHeader);

        using var metered = await _client.GetAsync("/ocr");
        using var open = await _client.GetAsync("/open");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (metered.StatusCode, open.StatusCode));
        Assert.Equal(0, _funds.Requests);
    }

    [Fact]
    public async Task A_metered_endpoint_that_nothing_charges_for_fails() =>
        Assert.Contains("UseBilling", (await Assert.ThrowsAsync<InvalidOperationException>(() => _client.GetAsync("/unguarded"))).Message);

    [Fact]
    public async Task Where_there_is_no_room_for_a_report_the_call_waits_and_nothing_is_lost()
    {
        var room = new TaskCompletionSource();
        _sink.Room = room.Task;

        var call = _client.GetAsync("/ocr");
        await TestSupport.Eventually.That(() => Task.FromResult(_sink.Waiting), waiting => waiting, "the call waits for room");
        Assert.Empty(_sink.Usages);

        room.SetResult();
        using var answer = await call;
        await TestSupport.Eventually.That(() => Task.FromResult(_sink.Usages.Count), count => count == 1, "the usage is reported");
    }

    IQuotaGate Gate => _app.Services.GetRequiredService<IQuotaGate>();

    static Guid Id(HttpResponseMessage answer) => Guid.Parse(answer.Headers.GetValues("Billing-Usage-Id").Single());

    static async Task<string?> Code(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
    }

    sealed class Sink : IUsageSink
    {
        readonly Lock _lock = new();
        readonly List<MeteredUsage> _usages = [];

        public Task Room { get; set; } = Task.CompletedTask;

        public bool Waiting { get; private set; }

        public IReadOnlyList<MeteredUsage> Usages
        {
            get
            {
                lock (_lock) return [.. _usages];
            }
        }

        public bool TryReport(in MeteredUsage usage)
        {
            if (!Room.IsCompleted) return false;
            lock (_lock) _usages.Add(usage);
            return true;
        }

        public async ValueTask ReportAsync(MeteredUsage usage, CancellationToken cancellationToken)
        {
            Waiting = true;
            await Room.WaitAsync(cancellationToken);
            lock (_lock) _usages.Add(usage);
        }
    }
}
