using System.Text;

namespace Billing.Tests.Http;

/// <summary>While loopback is the only lock, a web page that is open on the same machine must not get past it.</summary>
public sealed class CallerTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.example")]
    public async Task A_foreign_web_page_cannot_credit_an_account(string header, string value)
    {
        var answer = await Adjust("mallory", header, value);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Contains("foreign_caller", await answer.Content.ReadAsStringAsync());
        Assert.Equal(404, (await _service.Get("/v1/accounts/mallory")).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Host", "localhost")]
    public async Task A_page_of_the_service_itself_and_a_typed_address_may_come_in(string header, string value)
    {
        Assert.True((await Adjust("friend", header, value)).IsSuccessStatusCode);
    }

    async Task<HttpResponseMessage> Adjust(string user, string header, string value)
    {
        // As a page can send it without asking first: a simple request, with a body that is text.
        var body = $$"""{"adjustmentId":"{{Guid.CreateVersion7(_service.Now)}}","amount":"5.00","actor":"page","reason":"mischief"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/{user}/adjustments") { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.TryAddWithoutValidation(header, value);
        return await _service.Client.SendAsync(request);
    }
}
