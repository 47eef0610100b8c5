using System.Security.Cryptography;
using Billing.Service.Webhooks;
using Billing.TestSupport;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Webhooks;

public sealed class SignatureTests
{
    // The first is the one that the libraries of Standard Webhooks test themselves with; the second was made by hand with another language's HMAC.
    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}""", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "evt_1", 0, """{"name":"Zoë"}""", "v1,Az8BWEo4GO4J18JYZCRM2/QlVcnBp5aU/ABftJTVcAo=")]
    public void It_is_the_one_of_the_specification(string secret, string id, long seconds, string body, string signature) =>
        Assert.Equal(signature, WebhookSignature.Of(id, DateTimeOffset.FromUnixTimeSeconds(seconds), body, [Secret(secret)]));

    [Fact]
    public void Two_secrets_give_two_signatures_with_a_blank_between()
    {
        var (one, other) = (WebhookSecret.New(), WebhookSecret.New());
        var both = WebhookSignature.Of("evt_1", DateTimeOffset.UnixEpoch, "{}", [one, other]);

        Assert.Equal($"{WebhookSignature.Of("evt_1", DateTimeOffset.UnixEpoch, "{}", [one])} {WebhookSignature.Of("evt_1", DateTimeOffset.UnixEpoch, "{}", [other])}", both);
    }

    [Fact]
    public void A_secret_is_told_as_the_specification_says_and_never_by_accident()
    {
        var secret = WebhookSecret.New();

        Assert.Equal(32, Convert.FromBase64String(secret.Reveal()["whsec_".Length..]).Length);
        Assert.DoesNotContain(Convert.ToBase64String(secret.Bytes), $"{secret}");
    }

    [Fact]
    public void A_sealed_secret_opens_with_its_key_for_its_subscription_alone()
    {
        var (secret, webhook) = (WebhookSecret.New(), Ids.WithTime());
        var stored = Seal(1).Close(secret, webhook);

        Assert.Equal(secret.Bytes, Seal(1).Open(stored, webhook).Bytes);
        Assert.NotEqual(stored, Seal(1).Close(secret, webhook));
        Assert.ThrowsAny<CryptographicException>(() => Seal(1).Open(stored, Ids.WithTime()));
        Assert.ThrowsAny<CryptographicException>(() => Seal(2).Open(stored, webhook));
        Assert.ThrowsAny<CryptographicException>(() => Seal(null).Open(stored, webhook));
        Assert.ThrowsAny<CryptographicException>(() => Seal(1).Open("aes256gcm:AAAA", webhook));
    }

    [Fact]
    public void What_was_stored_before_there_was_a_key_can_still_be_opened()
    {
        var (secret, webhook) = (WebhookSecret.New(), Ids.WithTime());

        Assert.Equal(secret.Bytes, Seal(1).Open(Seal(null).Close(secret, webhook), webhook).Bytes);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("no base64")]
    public void A_key_that_is_none_ends_the_start(string key) =>
        Assert.Throws<InvalidOperationException>(() => new SecretSeal(Options.Create(new WebhookOptions { SecretKey = key })));

    static SecretSeal Seal(byte? key) => new(Options.Create(new WebhookOptions { SecretKey = key is { } fill ? Convert.ToBase64String([.. Enumerable.Repeat(fill, 32)]) : null }));

    static WebhookSecret Secret(string base64) => new(Convert.FromBase64String(base64));
}
