using Billing.Service.Access;

namespace Billing.Tests.Http;

public sealed class WrongKeysTests(KeyedService service) : IClassFixture<KeyedService>
{
    [Fact]
    public async Task Who_tries_keys_has_to_wait_and_who_has_a_right_one_goes_on()
    {
        var gateway = service.KeyOf(KeyScope.Gateway);
        Assert.Equal(404, (await Ask(gateway)).Status);

        for (var i = 0; i < FailedAttempts.FailuresMax; i++) Assert.Equal(401, (await Ask(KeyText.New(KeyScope.Gateway).Reveal())).Status);

        var (status, wait) = await Ask(KeyText.New(KeyScope.Gateway).Reveal());
        Assert.Equal(429, status);
        Assert.InRange(wait!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(429, (await Ask("no key at all")).Status);
        Assert.Equal(404, (await Ask(gateway)).Status);
    }

    async Task<(int Status, TimeSpan? Wait)> Ask(string key)
    {
        using var answer = await service.Send("GET", "/v1/accounts/nobody", key);
        return ((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta);
    }
}
