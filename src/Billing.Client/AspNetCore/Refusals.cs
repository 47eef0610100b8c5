using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Billing.Client.AspNetCore;

/// <summary>The answers of a gateway that does not let a call through: problem details (RFC 9457) with the code.</summary>
static class Refusals
{
    /// <summary>A refusal is remembered for about that long.</summary>
    const string RetryAfterSeconds = "1";

    public static Task Unauthorized(HttpContext context) =>
        Write(context, StatusCodes.Status401Unauthorized, "unauthorized", "The call names no user", "Sign in: each call is charged to its user.");

    public static Task Write(HttpContext context, string code, ILogger logger)
    {
        var (title, fix) = ClientErrorCodes.Explain(code);
        var status = StatusOf(code);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (status != StatusCodes.Status500InternalServerError) return Write(context, status, code, title, fix);

        // The caller can do nothing about it: this gateway is set up wrongly.
        logger.LogError("A call of {Endpoint} was refused with {Code}: {Title}. {Fix}", context.GetEndpoint()?.DisplayName, code, title, fix);
        return Write(context, status, code, title, "Tell the operators of this gateway.");
    }

    static int StatusOf(string code) => code switch
    {
        ErrorCodes.InsufficientFunds => StatusCodes.Status402PaymentRequired,
        ClientErrorCodes.NoLease => StatusCodes.Status503ServiceUnavailable,
        _ => new BillingException(code, null).IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
    };

    static Task Write(HttpContext context, int status, string code, string title, string fix)
    {
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Title = title, Detail = fix, Extensions = { ["code"] = code } };
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json");
    }
}
