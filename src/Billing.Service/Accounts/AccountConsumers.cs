using MassTransit;

namespace Billing.Service.Accounts;

sealed class InitializeAccountConsumer(AccountAnswers accounts) : IConsumer<InitializeAccount>
{
    public async Task Consume(ConsumeContext<InitializeAccount> context) =>
        await context.RespondAsync(await accounts.Initialize(context.Message.UserId, context.CancellationToken));
}

sealed class GetAccountConsumer(AccountAnswers accounts) : IConsumer<GetAccount>
{
    public async Task Consume(ConsumeContext<GetAccount> context) =>
        await context.RespondAsync(await accounts.Get(context.Message.UserId, context.CancellationToken));
}

sealed class AdjustBalanceConsumer(Adjustments adjustments) : IConsumer<AdjustBalance>
{
    public async Task Consume(ConsumeContext<AdjustBalance> context) =>
        await context.RespondAsync(await adjustments.Adjust(context.Message, context.CancellationToken));
}
