namespace Billing.Tests.Http;

public sealed class AccountTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task A_check_of_an_unknown_user_is_answered_from_the_catalogue_and_creates_nothing()
    {
        var (status, quota) = await _service.Get("/v1/accounts/stranger/quota?service=image&quantity=5");
        Assert.Equal((200, true, "free_quota", 5), (status, (bool)quota!["allowed"]!, (string)quota["paidFrom"]!, (long)quota["freeUnitsLeft"]!));

        var (_, more) = await _service.Get("/v1/accounts/stranger/quota?service=image&quantity=6");
        Assert.Equal((false, "insufficient_funds", "0.04"), ((bool)more!["allowed"]!, (string)more["reason"]!, (string)more["amount"]!));

        var (missing, problem) = await _service.Get("/v1/accounts/stranger");
        Assert.Equal((404, "account_not_found"), (missing, (string)problem!["code"]!));
    }

    [Fact]
    public async Task A_check_says_who_would_pay()
    {
        await _service.Adjust("checker", "1");
        await _service.Post("/v1/usage", _service.Usage("image", 3, "checker"));

        Assert.Equal("free_quota", await PaidFrom(2));
        Assert.Equal("both", await PaidFrom(3));
        await _service.Post("/v1/usage", _service.Usage("image", 2, "checker"));
        Assert.Equal("balance", await PaidFrom(1));
        Assert.Equal("1.00", await _service.Balance("checker"));

        async Task<string> PaidFrom(int quantity) => (string)(await _service.Get($"/v1/accounts/checker/quota?service=image&quantity={quantity}")).Body!["paidFrom"]!;
    }

    [Theory]
    [InlineData("service=nothing", 404, "unknown_service")]
    [InlineData("service=image&quantity=0", 400, "invalid_quantity")]
    [InlineData("service=two%20words", 400, "invalid_service")]
    [InlineData("service=llm&cost=1e3", 400, "invalid_cost")]
    [InlineData("service=llm&cost=-1", 400, "invalid_cost")]
    [InlineData("service=image&cost=1", 400, "cost_not_allowed")]
    public async Task A_check_that_makes_no_sense_is_a_problem_with_its_code(string query, int status, string code)
    {
        var (answered, problem) = await _service.Get($"/v1/accounts/ann/quota?{query}");

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Fact]
    public async Task Initialising_makes_an_account_ready_and_again_changes_nothing()
    {
        var (status, account) = await _service.Put("/v1/accounts/fresh");
        Assert.Equal((200, "0.00", "USD"), (status, (string)account!["balance"]!, (string)account["currency"]!));
        var image = account["freeQuotas"]!.AsArray().Single(quota => (string)quota!["service"]! == "image")!;
        Assert.Equal((5, 5), ((long)image["granted"]!, (long)image["left"]!));

        await _service.Adjust("fresh", "3");
        Assert.Equal("3.00", (string)(await _service.Put("/v1/accounts/fresh")).Body!["balance"]!);
    }

    [Fact]
    public async Task Two_first_contacts_at_once_make_one_account()
    {
        for (var round = 0; round < 20; round++)
        {
            var user = $"twin-{round}";
            var answers = await Task.WhenAll(
                _service.Put($"/v1/accounts/{user}"), _service.Put($"/v1/accounts/{user}"),
                _service.Post("/v1/usage", _service.Usage("image", 1, user)), _service.Post("/v1/usage", new[] { _service.Usage("image", 6, user), _service.Usage("image", 1, user) }));

            Assert.All(answers, answer => Assert.Equal(200, answer.Status));
            // Five are free whoever comes first; the other three cost 0.04 each.
            Assert.Equal("-0.12", await _service.Balance(user));
        }
    }

    [Fact]
    public async Task An_adjustment_counts_once_by_its_id_and_the_same_id_with_another_amount_is_refused()
    {
        var id = Guid.CreateVersion7(_service.Now);
        Assert.Equal((200, "5.00"), await Adjusted("5"));
        Assert.Equal((200, "5.00"), await Adjusted("5"));
        var (status, problem) = await _service.Adjust("adjusted", "6", id);

        Assert.Equal((409, "operation_id_reused"), (status, (string)problem!["code"]!));
        Assert.Equal("5.00", await _service.Balance("adjusted"));

        async Task<(int, string)> Adjusted(string amount)
        {
            var (answered, adjustment) = await _service.Adjust("adjusted", amount, id);
            return (answered, (string)adjustment!["balance"]!);
        }
    }

    [Theory]
    [InlineData("""{"amount":"1","actor":"a","reason":"r"}""", "invalid_operation_id")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","actor":"a","reason":"r"}""", "invalid_amount")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amount":"0","actor":"a","reason":"r"}""", "invalid_amount")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amount":5,"actor":"a","reason":"r"}""", "invalid_request")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amount":"1","reason":"r"}""", "invalid_actor")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amount":"1","actor":"a","reason":" "}""", "invalid_reason")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amount":"1","actor":"a","reason":"r","currency":"EUR"}""", "currency_mismatch")]
    [InlineData("""{"adjustmentId":"0197892e-5000-7000-8000-000000000001","amonut":"1","actor":"a","reason":"r"}""", "invalid_request")]
    [InlineData("""{"adjustmentId":"x","amount":"1","actor":"a","reason":"r"}""", "invalid_request")]
    [InlineData("", "invalid_request")]
    public async Task An_adjustment_that_lacks_something_is_refused_and_creates_no_account(string body, string code)
    {
        var (status, problem) = await _service.Post("/v1/accounts/nobody/adjustments", body);

        Assert.Equal((400, code), (status, (string)problem!["code"]!));
        Assert.Equal(404, (await _service.Get("/v1/accounts/nobody")).Status);
    }

    [Fact]
    public async Task A_balance_at_its_highest_refuses_more_and_can_still_be_read()
    {
        await _service.Adjust("rich", "9223372036.854775807");

        var (status, problem) = await _service.Adjust("rich", "0.000000001");

        Assert.Equal((422, "amount_overflow"), (status, (string)problem!["code"]!));
        Assert.Equal("9223372036.854775807", await _service.Balance("rich"));
    }

    [Fact]
    public async Task The_service_says_that_it_is_alive_and_ready_and_explains_every_code()
    {
        Assert.Equal(200, (await _service.Get("/health/live")).Status);
        Assert.Equal((200, "healthy"), await Health());
        Assert.Contains((await _service.Get("/errors")).Body!.AsArray(), row => (string)row!["code"]! == "insufficient_funds");
        Assert.Equal(404, (await _service.Get("/errors/nothing")).Status);

        async Task<(int, string)> Health()
        {
            var (status, body) = await _service.Get("/health/ready");
            return (status, (string)body!["status"]!);
        }
    }
}
