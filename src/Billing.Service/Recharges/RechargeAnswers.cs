using Billing.Service.Charging;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Recharges;

static class RechargeAnswers
{
    /// <summary>
    /// The answer to a new entry was committed with it and leaves by the outbox. Who asks again may never have got it: it is told
    /// again, with the same message id.
    /// </summary>
    public static Task TellAgain(this ConsumeContext context, Entered entered, string userId, string currency)
    {
        if (!entered.Duplicate) return Task.CompletedTask;
        var answer = Announcements.Of(entered.Entry, userId, currency);
        return context.Publish(answer.Message, publish => publish.MessageId = answer.MessageId);
    }
}
