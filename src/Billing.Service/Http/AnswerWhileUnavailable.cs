using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Microsoft.AspNetCore.Diagnostics;

namespace Billing.Service.Http;

/// <summary>While the database is away a request is told so, and not that it met an error: whoever asked may repeat it.</summary>
sealed class AnswerWhileUnavailable(ILedgerStore ledger, ILogger<AnswerWhileUnavailable> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        // What the web server refuses is an IOException too.
        if (exception is BadHttpRequestException || !Unavailability.Explains(exception, ledger.Classify)) return false;

        logger.LogWarning("{Method} {Path} could not be done: {Error}", context.Request.Method, context.Request.Path, exception.GetBaseException().Message);
        await Problems.Of(ErrorCodes.DatabaseUnavailable).ExecuteAsync(context);
        return true;
    }
}
