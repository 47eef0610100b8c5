using Billing.ReliableMessaging;
using Billing.TestSupport.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Tests.Messaging;

/// <summary>A wrong configuration ends the start with a sentence that says what is wrong. No database is reached for that.</summary>
public sealed class OutboxConfigurationTests
{
    const string Nowhere = "Host=127.0.0.1;Port=1;Database=none";

    [Fact]
    public void An_outbox_without_an_engine_is_refused() =>
        Assert.Contains("UsePostgres or UseSqlite", Refused(_ => { }, _ => { }).Message, StringComparison.Ordinal);

    [Fact]
    public void An_engine_that_is_not_the_contexts_is_refused() =>
        Assert.Contains("UseSqlite was chosen for OrdersDb", Refused(options => options.UseNpgsql(Nowhere), outbox => outbox.UseSqlite()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_strategy_that_runs_a_consumer_again_is_refused() => Assert.Contains("remove EnableRetryOnFailure",
        Refused(options => options.UseNpgsql(Nowhere, npgsql => npgsql.EnableRetryOnFailure()), outbox => outbox.UsePostgres()).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_bus_outboxes_in_one_host_are_refused() => Assert.Contains("StockDb cannot have it too", Refused(
        options => options.UseNpgsql(Nowhere), outbox => outbox.UsePostgres().UseBusOutbox(),
        bus => bus.AddEntityFrameworkOutbox<StockDb>(outbox => outbox.UsePostgres().UseBusOutbox())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_context_that_does_not_pass_the_gate_of_its_file_is_refused()
    {
        var options = new DbContextOptionsBuilder<OrdersDb>().UseSqlite("Data Source=orders.db").Options;
        Assert.Contains("write gate", Refused(_ => { }, outbox => outbox.UseSqlite(), bus => bus.AddScoped(_ => new OrdersDb(options))).Message, StringComparison.Ordinal);
    }

    static ConfigurationException Refused(Action<DbContextOptionsBuilder> context, Action<IEntityFrameworkOutboxConfigurator> outbox, Action<IBusRegistrationConfigurator>? more = null) =>
        Assert.Throws<ConfigurationException>(() =>
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddDbContext<OrdersDb>(context);
            builder.Services.AddMassTransit(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.AddEntityFrameworkOutbox<OrdersDb>(outbox);
                more?.Invoke(bus);
                bus.UsingInMemory();
            });
            using var host = builder.Build();
            host.Start();
        });
}
