using Serilog;
using Serilog.Events;

namespace Billing.Service.Hosting;

static class Logging
{
    const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {NewLine}{Exception}";

    /// <summary>Structured logs on the console; the section <c>Serilog</c> of the configuration changes levels and adds sinks.</summary>
    public static void AddSerilogFrom(this IServiceCollection services, IConfiguration configuration)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .ReadFrom.Configuration(configuration)
            .WriteTo.Console(outputTemplate: Line)
            .CreateLogger();
        services.AddLogging(logging => logging.AddSerilog(logger, dispose: true));
    }
}
