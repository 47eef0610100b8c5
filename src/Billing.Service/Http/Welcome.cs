using Billing.Service.Access;

namespace Billing.Service.Http;

/// <summary>What a browser or curl sees first: commands that work as pasted.</summary>
static class Welcome
{
    public static IResult Page(HttpRequest request, KeyRequirement keys, TimeProvider time)
    {
        var address = $"{request.Scheme}://{request.Host}";
        var now = time.GetUtcNow();
        // Not a real one: it shows where a key goes.
        var header = keys.IsKnownToApply ? " -H 'Authorization: Bearer bk_...'" : "";
        return Results.Text(
            $$"""
            Prepaid billing for platforms that sell API calls. This instance answers on {{address}}.

            Put 5.00 on a user's account:
              curl -s{{header}} {{address}}/v1/accounts/acme/adjustments -d '{"adjustmentId":"{{Guid.CreateVersion7(now)}}","amount":"5.00","actor":"me","reason":"first steps"}'

            Report a usage; the answer comes after the charge, and the same again is a duplicate:
              curl -s{{header}} {{address}}/v1/usage -d '{"usageId":"{{Guid.CreateVersion7(now)}}","userId":"acme","service":"image","quantity":7,"occurredAt":"{{now:yyyy-MM-ddTHH:mm:ssZ}}"}'

            Charge before the call, or be refused:
              curl -s{{header}} {{address}}/v1/deductions -d '{"usageId":"{{Guid.CreateVersion7(now)}}","userId":"acme","service":"image","quantity":1,"occurredAt":"{{now:yyyy-MM-ddTHH:mm:ssZ}}"}'

            May the user call?
              curl -s{{header}} '{{address}}/v1/accounts/acme/quota?service=image&quantity=3'

            The account:
              curl -s{{header}} {{address}}/v1/accounts/acme

            Every error code: {{address}}/errors    Health: {{address}}/health/ready

            """);
    }
}
