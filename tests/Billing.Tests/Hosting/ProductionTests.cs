using Billing.TestSupport;

namespace Billing.Tests.Hosting;

/// <summary>What the service does not start with where its environment is said to be production.</summary>
public sealed class ProductionTests
{
    const string Strong = "f3a19c0de5b7482619aa";

    [Theory]
    [InlineData("BILLING_POSTGRES=Host=db;Username=billing", "BILLING_POSTGRES has no password")]
    [InlineData("BILLING_POSTGRES=Host=db;Username=billing;Password=postgres", "a default or an example")]
    [InlineData("BILLING_POSTGRES=Host=db;Username=svc;Password=Billing", "a default or an example")]
    [InlineData("BILLING_POSTGRES=Host=db;Username=ledger-of-acme;Password=ledger-of-acme", "its user's name")]
    [InlineData("BILLING_POSTGRES=Host=db;Username=billing;Password=...", "the same few characters")]
    [InlineData("BILLING_POSTGRES=Host=db;Username=billing;Password=abc123XYZ", "shorter than 12")]
    [InlineData("BILLING_RABBITMQ=amqp://guest:" + Strong + "@broker/billing", "BILLING_RABBITMQ logs in as guest")]
    [InlineData("BILLING_RABBITMQ=amqp://broker/billing", "BILLING_RABBITMQ logs in as guest")]
    [InlineData("BILLING_RABBITMQ=amqp://billing-service@broker/billing", "BILLING_RABBITMQ has no password")]
    [InlineData("BILLING_RABBITMQ=amqp://user:password@host:5672/billing", "a default or an example")]
    [InlineData("BILLING_RABBITMQ=amqp://billing-service:...@broker:5672/billing", "the same few characters")]
    [InlineData("BILLING_REDIS=cache:6379", "BILLING_REDIS has no password")]
    [InlineData("BILLING_REDIS=cache:6379,password=foobared", "a default or an example")]
    [InlineData("BILLING_REDIS=cache:6379,password=..", "the same few characters")]
    public async Task A_weak_secret_is_refused_and_named_by_its_setting(string setting, string says)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Build("--environment=Production", $"--{setting}"));

        Assert.Contains(says, refusal.Message);
        Assert.Contains(setting.Split('=')[0], refusal.Message);
        Assert.DoesNotContain(Strong, refusal.Message);
    }

    [Fact]
    public async Task The_owners_password_is_looked_at_too_and_all_that_are_weak_are_said_at_once()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Build("--environment=production",
            $"--BILLING_POSTGRES=Host=db;Username=billing;Password={Strong}", "--BILLING_POSTGRES_OWNER=Host=db;Username=billing_owner;Password=billing_owner", "--BILLING_REDIS=cache:6379"));

        Assert.Contains("BILLING_POSTGRES_OWNER has", refusal.Message);
        Assert.Contains("BILLING_REDIS has", refusal.Message);
        Assert.DoesNotContain("BILLING_POSTGRES has", refusal.Message);
    }

    [Fact]
    public async Task Strong_secrets_start_and_so_does_the_embedded_service_without_any()
    {
        await using var servers = await Build("--environment=Production", $"--BILLING_POSTGRES=Host=db;Username=billing;Password={Strong}",
            $"--BILLING_RABBITMQ=amqp://billing-service:{Strong}@broker/billing", $"--BILLING_REDIS=cache:6379,password={Strong}");
        await using var certificate = await Build("--environment=Production", "--BILLING_POSTGRES=Host=db;Username=billing;SSL Certificate=client.pem");
        await using var embedded = await Build("--environment=Production");
    }

    [Fact]
    public async Task Where_no_environment_is_named_a_trial_may_be_weak()
    {
        await using var trial = await Build("--BILLING_POSTGRES=Host=db;Username=billing;Password=billing");
    }

    static Task<Microsoft.AspNetCore.Builder.WebApplication> Build(params string[] settings) => TestService.Build(
        ["--urls", "http://127.0.0.1:0", "--BILLING_POSTGRES=", "--BILLING_POSTGRES_OWNER=", "--BILLING_RABBITMQ=", "--BILLING_REDIS=", "--Serilog:MinimumLevel:Default=Fatal", .. settings]);
}
