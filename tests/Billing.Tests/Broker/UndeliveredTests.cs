using Billing.Tests.Http;
using Billing.TestSupport;
using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Broker;

/// <summary>A service that ends between the commit and the delivery.</summary>
public sealed class UndeliveredTests
{
    [Fact]
    public async Task What_was_committed_and_told_to_nobody_is_told_by_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("billing-test-").FullName;
        var credit = new CreditAccount { RechargeId = Ids.WithTime(), UserId = "ann", Amount = Money.Parse("20"), Currency = "USD" };
        await using (var service = await RunningService.Start(folder, ownsFolder: false))
        {
            // Nobody listens: the answer stands in the outbox.
            await service.Services.GetRequiredService<IBus>().Publish(credit);
            await Eventually.That(async () => (await service.Get("/v1/accounts/ann")).Status, status => status == 200, "the account is credited");
        }

        await using var next = await RunningService.Start(folder, ownsFolder: true);
        await using var listener = await RechargeListener.Connect(next.Services.GetRequiredService<IBus>());

        Assert.Equal(Money.Parse("20"), (await listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId)).Balance);
    }
}
