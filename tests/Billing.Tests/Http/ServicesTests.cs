namespace Billing.Tests.Http;

public sealed class ServicesTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task A_service_is_registered_shown_and_charged_at_once_and_the_same_again_is_a_duplicate()
    {
        var body = Service("0.15", perUnits: 1_000, freeUnits: 10);
        Assert.Equal("unknown_service", (string)(await _service.Post("/v1/usage", _service.Usage("speech"))).Body!["items"]![0]!["code"]!);
        Assert.Equal((404, "unknown_service"), Problem(await _service.Get("/v1/services/speech")));

        var (status, answer) = await _service.Put("/v1/services/speech", body);
        Assert.Equal((201, true), (status, (bool)answer!["registered"]!));
        (status, answer) = await _service.Put("/v1/services/speech", body);
        Assert.Equal((200, false, true), (status, (bool)answer!["registered"]!, (bool)answer["duplicate"]!));
        Assert.Equal((409, "service_exists"), Problem(await _service.Put("/v1/services/speech", Service("0.16", 1_000, 10))));

        var item = (await _service.Post("/v1/usage", _service.Usage("speech", 2_010))).Body!["items"]![0]!;
        // 2,010 units cost 0.3015, of which 2,000 are paid.
        Assert.Equal((10, "0.30"), ((long)item["freeUnits"]!, (string)item["amount"]!));
        var shown = (await _service.Get("/v1/services/speech")).Body!;
        Assert.Equal(("catalogue", 1, "0.15", 1_000, 10), ((string)shown["pricedBy"]!, (long)shown["price"]!["version"]!, (string)shown["price"]!["amount"]!, (long)shown["price"]!["perUnits"]!, (long)shown["freeQuota"]!["freeUnits"]!));
        var all = (await _service.Get("/v1/services")).Body!;
        Assert.Contains(all["services"]!.AsArray(), one => (string)one!["service"]! == "speech");
        Assert.Equal((long)shown["catalogueVersion"]!, (long)all["catalogueVersion"]!);
    }

    [Fact]
    public async Task A_price_is_planned_ahead_and_what_is_in_force_stays()
    {
        await _service.Put("/v1/services/planned", Service("1"));
        Assert.Equal((422, "effective_too_early"), Problem(await _service.Post("/v1/services/planned/prices", Price("2", _service.Now.AddSeconds(30).ToString("O")))));
        var change = Price("2");
        var (status, first) = await _service.Post("/v1/services/planned/prices", change);
        Assert.Equal((200, true, 2), (status, (bool)first!["changed"]!, (long)first["price"]!["version"]!));
        var (_, repeat) = await _service.Post("/v1/services/planned/prices", change);
        Assert.Equal((true, (string)first["price"]!["effectiveFrom"]!), ((bool)repeat!["duplicate"]!, (string)repeat["price"]!["effectiveFrom"]!));
        await _service.Post("/v1/services/planned/prices", Price("3", "2900-01-01T00:00:00+05:45"));

        var shown = (await _service.Get("/v1/services/planned")).Body!;
        Assert.Equal("1.00", (string)shown["price"]!["amount"]!);
        Assert.Equal(["2.00", "3.00"], shown["pricesToCome"]!.AsArray().Select(price => (string)price!["amount"]!));
        Assert.Equal("1.00", (string)(await _service.Get("/v1/accounts/nobody/quota?service=planned")).Body!["amount"]!);
    }

    [Fact]
    public async Task A_free_quota_is_planned_for_a_month_to_come()
    {
        await _service.Put("/v1/services/quota", Service("1", freeUnits: 5));
        Assert.Equal((422, "effective_too_early"), Problem(await _service.Post("/v1/services/quota/free-quotas", Quota(7, $"{_service.Now:yyyy-MM}"))));
        var (status, answer) = await _service.Post("/v1/services/quota/free-quotas", Quota(7));
        Assert.Equal((200, 2, 7), (status, (long)answer!["freeQuota"]!["version"]!, (long)answer["freeQuota"]!["freeUnits"]!));

        Assert.Equal(5, (long)(await _service.Get("/v1/accounts/nobody/quota?service=quota")).Body!["freeUnitsLeft"]!);
        Assert.Equal(7, (long)(await _service.Get("/v1/services/quota")).Body!["freeQuotasToCome"]![0]!["freeUnits"]!);
    }

    [Fact]
    public async Task A_name_is_the_one_in_the_address_with_every_character_that_names_may_have()
    {
        Assert.Equal(201, (await _service.Put("/v1/services/gpt%2F4%25", Service("1"))).Status);
        Assert.Equal("gpt/4%", (string)(await _service.Get("/v1/services/gpt%2F4%25")).Body!["service"]!);
        Assert.Equal(200, (await _service.Post("/v1/services/gpt%2F4%25/prices", Price("2"))).Status);
        Assert.Equal((400, "invalid_service"), Problem(await _service.Put("/v1/services/two%20words", Service("1"))));
        Assert.Equal((400, "invalid_request"), Problem(await _service.Put("/v1/services/one", new { operationId = Id(), service = "other", pricedBy = "gateway", actor = "eve", reason = "test" })));
    }

    [Theory]
    [InlineData("""{"pricedBy":"catalogue","price":{"amount":"1"},"actor":"a","reason":"r"}""", "invalid_operation_id")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","price":{"amount":"1"},"actor":"a","reason":"r"}""", "invalid_priced_by")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"both","price":{"amount":"1"},"actor":"a","reason":"r"}""", "invalid_priced_by")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","price":{"perUnits":5},"actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","price":{"amount":"-1"},"actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","price":{"amount":"1","perUnits":0},"actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","price":{"amount":"1","perUnits":1000000001},"actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"catalogue","price":{"amount":1},"actor":"a","reason":"r"}""", "invalid_request")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"gateway","price":{"amount":"1"},"actor":"a","reason":"r"}""", "price_not_allowed")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"gateway","freeUnits":-1,"actor":"a","reason":"r"}""", "invalid_free_units")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"gateway","reason":"r"}""", "invalid_actor")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"gateway","actor":"a","reason":" "}""", "invalid_reason")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","pricedBy":"gateway","actor":"a","reason":"r","freeUnit":3}""", "invalid_request")]
    [InlineData("null", "invalid_request")]
    [InlineData("", "invalid_request")]
    public async Task A_registration_that_lacks_something_is_refused_and_nothing_is_on_sale(string body, string code)
    {
        Assert.Equal((400, code), Problem(await _service.Put("/v1/services/lacking", body)));
        Assert.Equal(404, (await _service.Get("/v1/services/lacking")).Status);
    }

    [Theory]
    [InlineData("prices", """{"operationId":"0197892e-5000-7000-8000-000000000002","actor":"a","reason":"r"}""", "invalid_price")] // a forgotten amount is not zero
    [InlineData("prices", """{"operationId":"0197892e-5000-7000-8000-000000000002","amount":"1","perUnits":0,"actor":"a","reason":"r"}""", "invalid_price")]
    [InlineData("prices", """{"operationId":"0197892e-5000-7000-8000-000000000002","amount":"1","effectiveFrom":"2900-01-01T00:00:00","actor":"a","reason":"r"}""", "invalid_effective_time")]
    [InlineData("prices", """{"operationId":"0197892e-5000-7000-8000-000000000002","amount":"1","effectiveFrom":"tomorrow","actor":"a","reason":"r"}""", "invalid_effective_time")]
    [InlineData("free-quotas", """{"operationId":"0197892e-5000-7000-8000-000000000002","actor":"a","reason":"r"}""", "invalid_free_units")]
    [InlineData("free-quotas", """{"operationId":"0197892e-5000-7000-8000-000000000002","freeUnits":1000000000001,"actor":"a","reason":"r"}""", "invalid_free_units")]
    [InlineData("free-quotas", """{"operationId":"0197892e-5000-7000-8000-000000000002","freeUnits":1,"fromMonth":"2900-13","actor":"a","reason":"r"}""", "invalid_effective_time")]
    [InlineData("free-quotas", """{"operationId":"0197892e-5000-7000-8000-000000000002","freeUnits":1,"fromMonth":"2900-01-01","actor":"a","reason":"r"}""", "invalid_effective_time")]
    public async Task A_change_that_lacks_something_is_refused(string what, string body, string code)
    {
        var before = (long)(await _service.Get("/v1/services/image")).Body!["catalogueVersion"]!;
        Assert.Equal((400, code), Problem(await _service.Post($"/v1/services/image/{what}", body)));
        // Other tests change the catalogue meanwhile; this service stays as it was.
        var image = (await _service.Get("/v1/services/image")).Body!;
        Assert.True((long)image["catalogueVersion"]! >= before);
        Assert.Empty(image["pricesToCome"]!.AsArray());
        Assert.Empty(image["freeQuotasToCome"]!.AsArray());
    }

    Guid Id() => Guid.CreateVersion7(_service.Now);

    object Service(string amount, long perUnits = 1, long freeUnits = 0) => new { operationId = Id(), pricedBy = "catalogue", price = new { amount, perUnits }, freeUnits, actor = "eve", reason = "test" };

    object Price(string amount, string? effectiveFrom = null) => new { operationId = Id(), amount, effectiveFrom, actor = "eve", reason = "test" };

    object Quota(long freeUnits, string? fromMonth = null) => new { operationId = Id(), freeUnits, fromMonth, actor = "eve", reason = "test" };

    static (int, string) Problem((int Status, System.Text.Json.Nodes.JsonNode? Body) answer) => (answer.Status, (string)answer.Body!["code"]!);
}
