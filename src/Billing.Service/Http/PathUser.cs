namespace Billing.Service.Http;

/// <summary>The user id in the path of an account.</summary>
readonly record struct PathUser(string Value)
{
    public static ValueTask<PathUser> BindAsync(HttpContext context) => ValueTask.FromResult(new PathUser(PathName.Of(context)));
}
