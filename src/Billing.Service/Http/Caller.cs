using Billing.Service.Access;

namespace Billing.Service.Http;

/// <summary>Who has come in with a key. Absent where keys are not needed.</summary>
sealed record Caller(ApiKey Key)
{
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>True for a key that is bound to another user than this one.</summary>
    public bool IsKeptFrom(string? userId) => Key.UserId is { } own && own != userId;

    public IResult Forbidden() => Problems.Of(ErrorCodes.ForbiddenUser, $"Key {Key.KeyId} is for user '{Key.UserId}' only.");
}
