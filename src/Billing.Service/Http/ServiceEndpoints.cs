using Billing.Service.Catalogues;

namespace Billing.Service.Http;

/// <summary>The catalogue: what is on sale, and an operator's changes of it.</summary>
static class ServiceEndpoints
{
    public static void MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/services", List).WithSummary("The services on sale: prices in force, planned and former, free quotas.");
        var service = routes.MapGroup("/v1/services/{service}");
        service.MapGet("", Get).WithSummary("One service on sale.");
        service.MapPut("", Register).WithSummary("Put a new service on sale. The same content again changes nothing.");
        service.MapPost("/prices", ChangePrice).WithSummary("Plan the next price, at least 60 s ahead; once by its operationId.");
        service.MapPost("/free-quotas", ChangeFreeQuota).WithSummary("Plan the free units of the months to come; once by its operationId.");
    }

    static async Task<IResult> List(CatalogueAnswers catalogue, CancellationToken cancellationToken)
    {
        var answer = await catalogue.Get(cancellationToken);
        return answer.Code is { } code ? Problems.Refusal(code, answer.Detail, answer) : Results.Ok(answer);
    }

    static async Task<IResult> Get(PathService service, CatalogueAnswers catalogue, CancellationToken cancellationToken)
    {
        var answer = await catalogue.Get(service.Value, cancellationToken);
        return answer.Code is { } code ? Problems.Refusal(code, answer.Detail, answer) : Results.Ok(answer);
    }

    static async Task<IResult> Register(PathService service, HttpRequest request, CatalogueChanges changes, CancellationToken cancellationToken)
    {
        var (body, problem) = await Read<IncomingService>(request, body => body.Service, service, cancellationToken);
        if (problem is not null) return problem;
        var answer = await changes.Register(body! with { Service = service.Value }, cancellationToken);
        if (answer.Code is { } code) return Problems.Refusal(code, answer.Detail, answer);
        return answer.Registered ? Results.Created($"/v1/services/{Uri.EscapeDataString(service.Value)}", answer) : Results.Ok(answer);
    }

    static async Task<IResult> ChangePrice(PathService service, HttpRequest request, CatalogueChanges changes, CancellationToken cancellationToken)
    {
        var (body, problem) = await Read<IncomingPrice>(request, body => body.Service, service, cancellationToken);
        if (problem is not null) return problem;
        var answer = await changes.ChangePrice(body! with { Service = service.Value }, cancellationToken);
        return answer.Changed ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<IResult> ChangeFreeQuota(PathService service, HttpRequest request, CatalogueChanges changes, CancellationToken cancellationToken)
    {
        var (body, problem) = await Read<IncomingFreeQuota>(request, body => body.Service, service, cancellationToken);
        if (problem is not null) return problem;
        var answer = await changes.ChangeFreeQuota(body! with { Service = service.Value }, cancellationToken);
        return answer.Changed ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<(T? Body, IResult? Problem)> Read<T>(HttpRequest request, Func<T, string?> named, PathService service, CancellationToken cancellationToken) where T : class
    {
        var (body, problem) = await JsonBody.Read<T>(request, cancellationToken);
        return body is not null && named(body) is { } other && other != service.Value
            ? (null, Problems.Of(ErrorCodes.InvalidRequest, "The body names another service than the address."))
            : (body, problem);
    }
}
