using Billing.Service.Intake;
using MassTransit;

namespace Billing.Service.Accounts;

sealed class GetAccountsConsumer(AccountAnswers accounts) : IConsumer<IncomingAccountsQuery>
{
    public async Task Consume(ConsumeContext<IncomingAccountsQuery> context) =>
        await context.RespondAsync(await accounts.Get(context.Message.ReadUserIds(), context.CancellationToken));
}
