using System.Net;
using Billing.Service.Webhooks;
using Billing.TestSupport;
using Billing.TestSupport.Webhooks;
using Billing.Tests.Http;

namespace Billing.Tests.Webhooks;

public sealed class AddressTests
{
    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c")]
    public void The_internet_is_let_through(string address) => Assert.True(PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    public void This_machine_private_networks_and_metadata_services_are_not(string address) => Assert.False(PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://2130706433/hook")]
    [InlineData("https://0x7f.1/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/hook")]
    public void An_address_that_is_not_out_there_is_refused_at_once(string url) => Assert.Equal(ErrorCodes.InvalidUrl, ReceiverUrl.Problem(url, allowPrivateNetworks: false)?.Code);

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_called()
    {
        await using var service = await RunningService.Start();
        await using var receiver = await TestReceiver.Start();
        // The name is only looked up when it is called.
        var url = receiver.Url.Replace("http://127.0.0.1", "https://localhost", StringComparison.Ordinal);
        var (status, webhook) = await service.Post("/v1/webhooks", new { operationId = Ids.WithTime(), url, events = new[] { "account.in_debt" }, actor = "eve", reason = "a test" });
        Assert.Equal(201, status);
        await service.Post($"/v1/webhooks/{webhook!["webhookId"]}/test", "{}");

        var line = await Eventually.That(async () => (await service.Get($"/v1/webhooks/{webhook["webhookId"]}/deliveries")).Body!["items"]![0]!,
            delivery => delivery["error"] is not null, "it was tried");
        Assert.Equal(("localhost is no address on the internet.", null, "pending"), ((string)line["error"]!, (int?)line["status"], (string)line["state"]!));
    }

    [Fact]
    public void A_delivery_is_tried_eleven_times_in_about_three_days()
    {
        var pauses = Enumerable.Range(1, 10).Select(attempts => RetryLadder.After(attempts, new Random(7))!.Value).ToArray();

        Assert.InRange(pauses[0].TotalSeconds, 5, 6);
        Assert.InRange(pauses[^1].TotalHours, 24, 28.8);
        Assert.InRange(pauses.Sum(pause => pause.TotalDays), 2.9, 3.6);
        Assert.Null(RetryLadder.After(11, new Random(7)));
    }
}
