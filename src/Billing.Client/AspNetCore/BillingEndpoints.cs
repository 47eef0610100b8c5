using Billing.Client.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Billing.Client;

/// <summary>Metering for ASP.NET Core: <c>app.UseBilling()</c> after authentication, and <c>.Metered("chat")</c> on each endpoint that is charged.</summary>
public static class BillingEndpoints
{
    /// <summary>Asks before each metered call and charges after it. After routing and authentication.</summary>
    public static IApplicationBuilder UseBilling(this IApplicationBuilder app, Action<MeteringOptions>? configure = null)
    {
        var options = new MeteringOptions();
        configure?.Invoke(options);
        return app.UseMiddleware<Metering>(options);
    }

    /// <summary>Each call is usage of this service. For route handlers, groups and proxied routes alike.</summary>
    /// <param name="units">What a call costs whose handler does not say otherwise.</param>
    /// <param name="reserve">Units set aside before the call, where its use is known only afterwards; 0: as many as <paramref name="units"/>.</param>
    public static TBuilder Metered<TBuilder>(this TBuilder endpoints, string service, long units = 1, long reserve = 0) where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(reserve);
        endpoints.Add(endpoint => endpoint.Metadata.Add(new MeteredAttribute(service) { Units = units, Reserve = reserve }));
        try
        {
            endpoints.Finally(Guard);
        }
        catch (NotImplementedException)
        {
            // A reverse proxy's endpoints have their handler from the beginning, and no conventions that come last.
            endpoints.Add(Guard);
        }
        return endpoints;
    }

    /// <summary>What this call uses.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is not metered.</exception>
    public static UsageMeter Usage(this HttpContext context) =>
        context.Features.Get<UsageMeter>() ?? throw new InvalidOperationException("This endpoint is not metered: add .Metered(\"service\") to it, and app.UseBilling() after authentication.");

    /// <summary>A metered endpoint that the middleware did not come to would be free for everybody; it fails instead.</summary>
    static void Guard(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } handle) return;
        endpoint.RequestDelegate = context => context.Features.Get<UsageMeter>() is null
            ? throw new InvalidOperationException($"{endpoint.DisplayName} is metered, but nothing charges for it: call app.UseBilling() after app.UseRouting() and the authentication.")
            : handle(context);
    }
}
