using Billing.Service.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Access;

/// <summary>Keys as <c>./run.sh keys</c> makes them.</summary>
public static class TestKeys
{
    /// <param name="service">The running service.</param>
    /// <param name="scope">"gateway", "web", "payment" or "admin".</param>
    /// <param name="user">The one user that it is bound to, if any.</param>
    public static async Task<string> Make(TestService service, string scope, string? user = null)
    {
        var wish = new IncomingKey { OperationId = Ids.WithTime(), Name = "a test's", Scope = scope, UserId = user, Actor = "adam", Reason = "a test" };
        var made = await service.Services.GetRequiredService<ApiKeys>().Make(wish, default);
        return made.Text!.Reveal();
    }
}
