using MassTransit;

namespace Billing.Service.Accounts;

sealed class GetAccountConsumer(AccountAnswers accounts) : IConsumer<GetAccount>
{
    public async Task Consume(ConsumeContext<GetAccount> context) =>
        await context.RespondAsync(await accounts.Get(context.Message.UserId, context.CancellationToken));
}
