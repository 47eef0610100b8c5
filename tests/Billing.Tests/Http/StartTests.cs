using Billing.Service.Hosting;

namespace Billing.Tests.Http;

public sealed class StartTests
{
    [Fact]
    public async Task A_restart_on_the_same_file_keeps_everything()
    {
        var folder = Directory.CreateTempSubdirectory("billing-test-").FullName;
        UsageOccurred usage;
        await using (var first = await RunningService.Start(folder, ownsFolder: false))
        {
            await first.Adjust("ann", "1");
            usage = first.Usage("image", 6);
            await first.Post("/v1/usage", usage);
        }

        await using var second = await RunningService.Start(folder, ownsFolder: true);

        Assert.Equal("0.96", await second.Balance("ann"));
        Assert.Equal(1, (int)(await second.Post("/v1/usage", usage)).Body!["duplicates"]!);
        Assert.Equal("0.96", await second.Balance("ann"));
        Assert.Equal(0, (long)(await second.Get("/v1/accounts/ann/quota?service=image")).Body!["freeUnitsLeft"]!);
    }

    [Theory]
    [InlineData("--Billing:Currency=EUR", "bills in USD")]
    [InlineData("--Billing:TimeZone=Asia/Shanghai", "by the months of UTC")]
    public async Task A_database_refuses_another_currency_or_time_zone_at_start(string setting, string says)
    {
        var folder = Directory.CreateTempSubdirectory("billing-test-").FullName;
        await using (await RunningService.Start(folder, ownsFolder: false)) { }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.Start(folder, ownsFolder: false, setting));

        Assert.Contains(says, refusal.Message);
        await using var unchanged = await RunningService.Start(folder, ownsFolder: true);
    }

    [Fact]
    public async Task A_time_zone_that_nobody_knows_is_refused_at_start()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.Start("--Billing:TimeZone=Mars/Olympus"));

        Assert.Contains("Mars/Olympus", refusal.Message);
    }

    [Theory]
    [InlineData("http://0.0.0.0:1")]
    [InlineData("http://*:1")]
    [InlineData("http://+:1")]
    [InlineData("http://[::]:1")]
    [InlineData("http://192.0.2.1:1")]
    [InlineData("http://billing.example:1")]
    [InlineData("http://localhost:1;http://0.0.0.0:1")]
    public void Without_API_keys_an_address_open_to_other_machines_is_refused(string urls)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => BillingHost.Build(["--urls", urls]));

        Assert.Contains("open to other machines", refusal.Message);
    }

    [Fact]
    public void An_open_address_is_refused_however_it_is_configured()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => BillingHost.Build(["--Kestrel:Endpoints:Http:Url=http://0.0.0.0:1"]));

        Assert.Contains("open to other machines", refusal.Message);
    }
}
