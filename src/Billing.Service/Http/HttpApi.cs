using Billing.Service.Access;
using Billing.Service.Catalogues;
using Billing.Service.Hosting;
using Microsoft.AspNetCore.Http.Json;

namespace Billing.Service.Http;

/// <summary>The same operations as on the broker, as a small REST API.</summary>
static class HttpApi
{
    const long BodyBytesMax = 1_048_576;

    public static void AddHttpApi(this IServiceCollection services)
    {
        // What the web server refuses has a code as well.
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
        {
            if (context.Exception is BadHttpRequestException bad)
                context.ProblemDetails.Extensions.TryAdd("code", bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.TooMany : ErrorCodes.InvalidRequest);
        });
        services.AddExceptionHandler<AnswerWhileUnavailable>();
        services.AddSingleton<KeyStore>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyRequirement>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<KeyCheck>();
        services.Configure<JsonOptions>(options => options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.Limits.MaxRequestBodySize = BodyBytesMax;
            options.AddServerHeader = false;
        });
    }

    public static void MapHttpApi(this WebApplication app)
    {
        // A body that is too large is the caller's fault, not the service's.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(RefuseUntilPrepared);
        app.Use(app.Services.GetRequiredService<KeyCheck>().Check);
        app.MapUsage();
        app.MapAccounts();
        app.MapReservations();
        app.MapRecharges();
        // On a broker its rights keep everybody but the payment service out: there this door opens to keys, and without them when told to.
        app.MapPayments(openWithoutKeys: app.Services.GetRequiredService<ServerAddresses>().RabbitMq is null || app.Configuration.GetValue<bool>("Payments:OverHttp"));
        app.MapQueries();
        app.MapServices();
        app.MapOperators();
        app.MapWebhooks();
        app.MapKeys();
        app.MapJobs();
        app.MapHealth();
        app.MapMetrics();
        app.MapErrors();
        app.MapGet("/", Welcome.Page).ExcludeFromDescription();
    }

    /// <summary>The server listens before the database has been there once, to answer for its health.</summary>
    static Task RefuseUntilPrepared(HttpContext context, RequestDelegate next) =>
        context.RequestServices.GetRequiredService<Rules>().AreLoaded || context.Request.Path.StartsWithSegments("/health") || context.Request.Path == "/metrics"
            ? next(context)
            : Problems.Of(ErrorCodes.DatabaseUnavailable, "The service waits for its database.").ExecuteAsync(context);

    static void MapErrors(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/errors", () => ErrorTable.Rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => new { code = row.Key, row.Value.Status, row.Value.Title, row.Value.Fix }));
        routes.MapGet("/errors/{code}", (string code) => ErrorTable.Rows.TryGetValue(code, out var row)
            ? Results.Ok(new { code, row.Status, row.Title, row.Fix })
            : Results.NotFound());
    }
}
