using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Billing.Service.Hosting;

static class Logging
{
    const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {NewLine}{Exception}";

    // Ten files of 50 MB: some days of a busy service, and no disk is ever full of them.
    const long FileBytesMax = 50_000_000;
    const int FilesMax = 10;

    /// <summary>
    /// Structured logs on the console, for people or with <c>Log:Format=json</c> an event a line for programs, and with <c>Log:File</c> in
    /// files too; unless the section <c>Serilog</c> of the configuration names other sinks. It changes levels too.
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
        if (!configuration.GetSection("Serilog:WriteTo").Exists()) WriteTo(logging, configuration["Log:Format"], configuration["Log:File"]);
        services.AddLogging(builder => builder.AddSerilog(logging.CreateLogger(), dispose: true));
    }

    static void WriteTo(LoggerConfiguration logging, string? format, string? file)
    {
        if (format == "json") logging.WriteTo.Console(new JsonFormatter(renderMessage: true));
        else if (format is null or "" or "text") logging.WriteTo.Console(outputTemplate: Line);
        else throw new InvalidOperationException($"Log__Format is '{format}': set it to text or json.");

        if (!string.IsNullOrEmpty(file))
            logging.WriteTo.File(new JsonFormatter(renderMessage: true), file, rollOnFileSizeLimit: true, fileSizeLimitBytes: FileBytesMax, retainedFileCountLimit: FilesMax, rollingInterval: RollingInterval.Day);
    }
}
