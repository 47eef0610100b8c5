using System.Text;

namespace Billing.Tests.Intake;

/// <summary>What PostgreSQL would refuse to keep: NUL and halves of surrogate pairs, which would turn a rejection into a fault.</summary>
static class Keepable
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Check(RejectedUsage rejection)
    {
        foreach (var text in (string?[])[rejection.UsageId, rejection.UserId, rejection.Service, rejection.Payload, rejection.Refusal.Code, rejection.Refusal.Detail])
        {
            if (text is null) continue;
            Assert.DoesNotContain('\0', text);
            Strict.GetByteCount(text);
        }
        Assert.True(rejection.UsageId.Length <= 128 && rejection.Refusal.Detail.Length <= 500, rejection.ToString());
    }
}
