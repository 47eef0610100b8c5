using Serilog;
using Serilog.Events;

namespace Billing.Service.Hosting;

static class Logging
{
    const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {NewLine}{Exception}";

    /// <summary>
    /// Structured logs on the console, unless the section <c>Serilog</c> of the configuration names other sinks; it changes levels too.
    /// </summary>
    public static void AddSerilogFrom(this IServiceCollection services, IConfiguration configuration)
    {
        var logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // Whatever fails in the database is thrown, and logged by whoever decides what to do about it.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .ReadFrom.Configuration(configuration);
        if (!configuration.GetSection("Serilog:WriteTo").Exists()) logging.WriteTo.Console(outputTemplate: Line);
        services.AddLogging(builder => builder.AddSerilog(logging.CreateLogger(), dispose: true));
    }
}
