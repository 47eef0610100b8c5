namespace Billing.Tests.Http;

public sealed class UserInPathTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task An_encoded_slash_in_the_path_is_the_slash_of_the_user_id()
    {
        await _service.Post("/v1/usage", _service.Usage("search", 1, "team/bob"));

        var (_, adjusted) = await _service.Adjust("team%2Fbob", "5.00");

        Assert.Equal("4.998", (string)adjusted!["balance"]!);
        Assert.Equal("team/bob", (string)(await _service.Get("/v1/accounts/team%2Fbob")).Body!["userId"]!);
    }

    [Fact]
    public async Task A_percent_sign_in_a_user_id_is_no_slash_of_another()
    {
        await _service.Adjust("team%2Fann", "1.00");
        await _service.Adjust("team%252Fann", "2.00");

        Assert.Equal("1.00", await _service.Balance("team%2Fann"));
        Assert.Equal("2.00", await _service.Balance("team%252Fann"));
    }
}
