namespace Billing.Service.Http;

/// <summary>The name in the path of a service.</summary>
readonly record struct PathService(string Value)
{
    public static ValueTask<PathService> BindAsync(HttpContext context) => ValueTask.FromResult(new PathService(PathName.Of(context)));
}
