using Billing.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Billing.Tests.Client.AspNetCore;

/// <summary>A reverse proxy's endpoints know no conventions that come last; they are metered and guarded all the same.</summary>
public sealed class ProxiedEndpointTests
{
    [Fact]
    public async Task Metered_without_the_middleware_they_fail()
    {
        var proxied = new Proxied();

        proxied.Metered("image");

        Assert.Equal("image", Assert.Single(proxied.Endpoint.Metadata.OfType<MeteredAttribute>()).Service);
        await Assert.ThrowsAsync<InvalidOperationException>(() => proxied.Endpoint.RequestDelegate!(new DefaultHttpContext()));
    }

    sealed class Proxied : IEndpointConventionBuilder
    {
        public EndpointBuilder Endpoint { get; } = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/{**rest}"), 0);

        public void Add(Action<EndpointBuilder> convention) => convention(Endpoint);
    }
}
