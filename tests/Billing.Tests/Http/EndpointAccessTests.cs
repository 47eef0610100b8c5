using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Billing.Service.Access;
using Billing.Service.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Http;

/// <summary>Which key opens what, for every endpoint there is.</summary>
public sealed partial class EndpointAccessTests(KeyedService service) : IClassFixture<KeyedService>
{
    static readonly KeyScope[] Scopes = Enum.GetValues<KeyScope>();

    public static TheoryData<string> Endpoints => [.. EndpointAccess.Rows.Keys];

    [Fact]
    public void Every_endpoint_that_exists_says_whom_it_is_open_to()
    {
        var existing = service.Running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(EndpointAccess.NameOf);

        Assert.Equal(EndpointAccess.Rows.Keys.Order(), existing.Order());
    }

    [Fact]
    public void Where_a_user_stands_in_the_path_a_bound_key_is_held_to_it() => Assert.All(EndpointAccess.Rows, row =>
        Assert.Equal(row.Key.Contains("{userId}", StringComparison.Ordinal), row.Value.OneUser == OneUser.InPath));

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_key_of_its_scopes_comes_in_and_no_other_nor_anybody_without(string endpoint)
    {
        var scopes = EndpointAccess.Rows[endpoint].Scopes;
        var (method, path) = Request(endpoint);
        foreach (var scope in Scopes)
        {
            var (status, code) = await Ask(method, path, service.KeyOf(scope));
            if (scopes.Count == 0 || scopes.Contains(scope)) Assert.False(status is 401 or 403 or 429, $"{endpoint} with {scope}: {status} {code}");
            else Assert.Equal((403, ErrorCodes.ScopeMissing), (status, code));
        }

        var (nobody, missing) = await Ask(method, path, key: null);
        if (scopes.Count == 0) Assert.NotEqual(401, nobody);
        else Assert.Equal((401, ErrorCodes.KeyMissing), (nobody, missing));
    }

    // What each role must never get, whatever the table says.
    [Theory]
    [InlineData("POST", "/v1/usage", KeyScope.Gateway)]
    [InlineData("POST", "/v1/deductions", KeyScope.Gateway)]
    [InlineData("POST", "/v1/accounts/ann/reservations", KeyScope.Gateway)]
    [InlineData("POST", "/v1/payments/succeeded", KeyScope.Payment)]
    [InlineData("POST", "/v1/payments/refunded", KeyScope.Payment)]
    [InlineData("GET", "/v1/payments/orders", KeyScope.Payment)]
    [InlineData("POST", "/v1/accounts/ann/recharges", KeyScope.Web)]
    [InlineData("POST", "/v1/accounts/ann/adjustments", KeyScope.Admin)]
    [InlineData("PUT", "/v1/accounts/ann/overdraft", KeyScope.Admin)]
    [InlineData("POST", "/v1/services/image/prices", KeyScope.Admin)]
    [InlineData("GET", "/v1/operator-acts", KeyScope.Admin)]
    [InlineData("POST", "/v1/api-keys", KeyScope.Admin)]
    [InlineData("DELETE", "/v1/api-keys/0000000000000000", KeyScope.Admin)]
    public async Task Only_one_scope_opens_what_moves_money_or_says_who_may(string method, string path, KeyScope only)
    {
        foreach (var scope in Scopes) Assert.Equal(scope != only, (await Ask(method, path, service.KeyOf(scope))).Status == 403);
    }

    async Task<(int Status, string? Code)> Ask(string method, string path, string? key)
    {
        using var answer = await service.Send(method, path, key);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["code"] : null);
    }

    static (string Method, string Path) Request(string endpoint)
    {
        var (method, pattern) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        return (method == "*" ? "GET" : method, Parameter().Replace(pattern, match => match.Value.Contains(":guid", StringComparison.Ordinal) ? "0193d4a8-7c00-4000-8000-000000000001" : "nobody"));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    internal static partial Regex Parameter();
}
