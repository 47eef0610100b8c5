namespace Billing.Tests.Http;

public sealed class DeductionTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task Without_funds_a_deduction_is_refused_with_402_and_after_a_top_up_the_same_id_succeeds()
    {
        var usage = _service.Usage("llm", user: "poor", cost: "1.5");

        var (status, problem) = await _service.Post("/v1/deductions", usage);
        Assert.Equal((402, "insufficient_funds"), (status, (string)problem!["code"]!));
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]));

        await _service.Adjust("poor", "2");
        var (then, deduction) = await _service.Post("/v1/deductions", usage);
        Assert.Equal((200, true, "0.50"), (then, (bool)deduction!["charged"]!, (string)deduction["balance"]!));
        Assert.True((bool)(await _service.Post("/v1/deductions", usage)).Body!["duplicate"]!);
        Assert.Equal("0.50", await _service.Balance("poor"));
    }

    [Fact]
    public async Task Sixty_four_callers_at_once_on_funds_for_a_thousand_calls_get_exactly_a_thousand()
    {
        await _service.Adjust("busy", "2"); // search costs 0.002 a call
        var left = 1_200;

        var succeeded = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            var mine = 0;
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var (status, body) = await _service.Post("/v1/deductions", _service.Usage(user: "busy"));
                if (status == 200) mine++;
                else Assert.Equal((402, "insufficient_funds"), (status, (string)body!["code"]!));
            }
            return mine;
        }));

        Assert.Equal(1_000, succeeded.Sum());
        Assert.Equal("0.00", await _service.Balance("busy"));
    }

    [Fact]
    public async Task A_deduction_past_its_deadline_charges_nothing()
    {
        await _service.Adjust("late", "1");
        var usage = _service.Usage(user: "late");

        var (status, problem) = await _service.Post("/v1/deductions",
            new { usage.UsageId, usage.UserId, usage.Service, usage.Quantity, usage.OccurredAt, deadline = _service.Now.AddSeconds(-1) });

        Assert.Equal((504, "request_expired"), (status, (string)problem!["code"]!));
        Assert.Equal("1.00", await _service.Balance("late"));
    }

    [Theory]
    [InlineData("{}", 400, "invalid_usage_id")]
    [InlineData("null", 400, "invalid_usage_id")]
    [InlineData("[]", 400, "invalid_usage_id")]
    [InlineData("{\"usageId\":\"0197892e-5000-7000-8000-000000000001\",\"userId\":\"a\\u0000\\ud83d\\ude00 b\"}", 400, "invalid_user_id")]
    [InlineData("{", 400, "invalid_request")]
    [InlineData("", 400, "invalid_request")]
    public async Task A_bad_request_is_answered_as_a_problem_with_its_code(string body, int status, string code)
    {
        var (answered, problem) = await _service.Post("/v1/deductions", body);

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_read_is_a_problem_and_nothing_is_charged()
    {
        await _service.Adjust("vague", "1");
        var usage = _service.Usage(user: "vague");

        var (status, problem) = await _service.Post("/v1/deductions",
            new { usage.UsageId, usage.UserId, usage.Service, usage.Quantity, usage.OccurredAt, deadline = "soon" });

        Assert.Equal((400, "invalid_deadline"), (status, (string)problem!["code"]!));
        Assert.Equal("1.00", await _service.Balance("vague"));
    }
}
