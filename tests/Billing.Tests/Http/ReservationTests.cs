using System.Text.Json.Nodes;

namespace Billing.Tests.Http;

public sealed class ReservationTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task Reserved_used_and_released_the_account_says_what_is_held()
    {
        await _service.Adjust("lessee", "1");
        var id = Guid.CreateVersion7(_service.Now);

        var reserved = await Post("lessee", "", new { reservationId = id, service = "image", quantity = 15, grantSeconds = 60 }, 200);
        Assert.Equal((true, 15, 5, "0.40", "0.60"), ((bool)reserved["granted"]!, (long)reserved["quantity"]!, (long)reserved["freeUnits"]!, (string)reserved["amount"]!, (string)reserved["available"]!));
        Assert.InRange((DateTimeOffset)reserved["grantUntil"]!, _service.Now.AddSeconds(30), _service.Now.AddSeconds(61));
        Assert.True((bool)(await Post("lessee", "", new { reservationId = id, service = "image", quantity = 15, grantSeconds = 60 }, 200))["duplicate"]!);
        Assert.Equal(("1.00", "0.40", "0.60"), await Funds("lessee"));

        await Post("lessee", $"/{id}/extensions", new { step = 1, quantity = 5 }, 200);
        var (_, charged) = await _service.Post("/v1/usage", _service.Usage("image", 6, "lessee") with { ReservationId = id });
        Assert.Equal((5, "0.04"), ((long)charged!["items"]![0]!["freeUnits"]!, (string)charged["items"]![0]!["amount"]!));
        Assert.Equal(("0.96", "0.56", "0.40"), await Funds("lessee"));

        var released = await Post("lessee", $"/{id}/release", new { }, 200);
        Assert.Equal((6, "0.56", "0.96"), ((long)released["settledQuantity"]!, (string)released["amountReturned"]!, (string)released["available"]!));
        Assert.Equal(("0.96", "0.00", "0.96"), await Funds("lessee"));
    }

    [Fact]
    public async Task Without_funds_the_answer_says_how_many_they_would_cover()
    {
        await _service.Adjust("thin", "0.08");

        var refused = await Post("thin", "", new { reservationId = Guid.CreateVersion7(_service.Now), service = "image", quantity = 100 }, 402);

        Assert.Equal(("insufficient_funds", 7), ((string)refused["code"]!, (long)refused["affordableQuantity"]!));
    }

    [Theory]
    [InlineData("""{"service":"image","quantity":1}""", 400, "invalid_reservation_id")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","quantity":1}""", 400, "invalid_service")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image"}""", 400, "invalid_quantity")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"grantSeconds":0}""", 400, "invalid_grant_time")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"grantSeconds":3601}""", 400, "invalid_grant_time")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"cost":"1"}""", 400, "cost_not_allowed")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"llm","quantity":1}""", 400, "cost_missing")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"llm","quantity":1,"cost":"-1"}""", 400, "invalid_cost")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"currency":"EUR"}""", 400, "currency_mismatch")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"nothing","quantity":1}""", 404, "unknown_service")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"deadline":"2020-01-01T00:00:00Z"}""", 504, "request_expired")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":"many"}""", 400, "invalid_request")]
    [InlineData("""{"reservationId":"0193d4a8-7c00-4000-8000-000000000001","service":"image","quantity":1,"grantMinutes":5}""", 400, "invalid_request")]
    public async Task A_reservation_that_makes_no_sense_is_a_problem_with_its_code(string body, int status, string code)
    {
        var (answered, problem) = await _service.Post("/v1/accounts/sensible/reservations", body);

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Theory]
    [InlineData("extensions", """{"step":1}""", 404, "reservation_not_found")]
    [InlineData("extensions", """{"quantity":1}""", 400, "invalid_step")]
    [InlineData("release", """{}""", 404, "reservation_not_found")]
    [InlineData("release", """{"usedQuantity":-1}""", 400, "invalid_quantity")]
    public async Task What_is_not_reserved_can_neither_be_extended_nor_released(string act, string body, int status, string code)
    {
        var (answered, problem) = await _service.Post($"/v1/accounts/nobody/reservations/0193d4a8-7c00-4000-8000-000000000009/{act}", body);

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Fact]
    public async Task A_deduction_names_no_reservation()
    {
        var (status, problem) = await _service.Post("/v1/deductions", _service.Usage(user: "mixed") with { ReservationId = Guid.CreateVersion7(_service.Now) });

        Assert.Equal((400, "reservation_not_allowed"), (status, (string)problem!["code"]!));
    }

    [Fact]
    public async Task A_usage_whose_reservation_is_no_id_is_rejected()
    {
        var (_, answer) = await _service.Post("/v1/usage", $$"""{"usageId":"{{Guid.CreateVersion7(_service.Now)}}","userId":"odd","service":"search","quantity":1,"occurredAt":"{{_service.Now:O}}","reservationId":"lease-1"}""");

        Assert.Equal("invalid_reservation_id", (string)answer!["items"]![0]!["code"]!);
    }

    async Task<JsonNode> Post(string user, string path, object body, int status)
    {
        var (answered, answer) = await _service.Post($"/v1/accounts/{user}/reservations{path}", body);
        Assert.Equal((status, null), (answered, answered == status ? null : answer?.ToJsonString()));
        return answer!;
    }

    async Task<(string Balance, string Held, string Available)> Funds(string user)
    {
        var account = (await _service.Get($"/v1/accounts/{user}")).Body!;
        return ((string)account["balance"]!, (string)account["held"]!, (string)account["available"]!);
    }
}
