using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>A service that ends between the commit and the delivery.</summary>
[Collection(ServersCollection.Name)]
public sealed class UndeliveredTests(Servers servers)
{
    [Fact]
    public async Task What_was_committed_and_told_to_nobody_is_told_by_the_next_service()
    {
        await using var database = await PostgresTestDatabase.Create(servers);
        await using var broker = await BrokerVhost.Create(servers);
        await using var source = database.DataSource();
        var credit = new CreditAccount { RechargeId = Ids.WithTime(), UserId = Ids.User("untold"), Amount = Money.Parse("20"), Currency = "USD" };
        await using (await TestService.Start(database.ConnectionString, broker.AsService))
        {
            // No queue takes the answer, which somebody must hear: it stays in the outbox.
            await Eventually.That(async () => await broker.Queues(), queues => queues.Contains("billing-credit-account"), "the doors are open");
            await using var saga = await Publisher.Connect(broker.AsService);
            await saga.PublishInEnvelope(credit);
            await Eventually.That(() => Count("select count(*) from outbox_message where delivery_attempts > 0"), waiting => waiting == 1, "a delivery has failed");
        }

        await using var listener = await RechargeListener.Connect(broker.AsAdministrator);
        await using var next = await TestService.Start(database.ConnectionString, broker.AsService);

        Assert.Equal(credit.Amount, (await listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId)).Balance);
        await Eventually.That(() => Count("select count(*) from outbox_message"), waiting => waiting == 0, "the outbox is empty");

        async Task<long> Count(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
