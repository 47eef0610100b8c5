using MassTransit;

namespace Billing.Service.Accounts;

sealed class InitializeAccountConsumer(AccountAnswers accounts) : IConsumer<InitializeAccount>
{
    public async Task Consume(ConsumeContext<InitializeAccount> context) =>
        await context.RespondAsync(await accounts.Initialize(context.Message.UserId, context.CancellationToken));
}
