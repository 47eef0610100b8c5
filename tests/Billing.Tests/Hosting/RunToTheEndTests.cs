using Billing.Service.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Tests.Hosting;

public sealed class RunToTheEndTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_stops_ends_with_zero()
    {
        using var service = Service(new Part(() => Task.CompletedTask));

        Assert.Equal(0, await Run(service, Soon));
    }

    [Fact]
    public async Task What_never_stops_is_left_behind()
    {
        var service = Service(new Part(() => new TaskCompletionSource().Task));

        Assert.Equal(1, await Run(service, Patience));
    }

    [Fact]
    public async Task A_stop_that_fails_is_told()
    {
        using var service = Service(new Part(() => throw new InvalidOperationException("It does not stop.")));

        await Assert.ThrowsAnyAsync<Exception>(() => Run(service, Soon));
    }

    static async Task<int> Run(IHost service, TimeSpan patience)
    {
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        return await RunToTheEnd.Of(service, patience, CancellationToken.None).WaitAsync(Soon);
    }

    static IHost Service(IHostedService part)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(part);
        return builder.Build();
    }

    sealed class Part(Func<Task> stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        // Not even when its time is up.
        public Task StopAsync(CancellationToken cancellationToken) => stop();
    }
}
