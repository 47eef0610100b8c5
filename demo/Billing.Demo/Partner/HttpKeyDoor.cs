using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Demo.Gateway;

namespace Billing.Demo.Partner;

/// <summary>The same over HTTP.</summary>
sealed class HttpKeyDoor(Uri address) : IKeyDoor
{
    readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };

    public async Task<AccountStatus> Initialize(string user, CancellationToken cancellationToken)
    {
        using var response = await _client.PutAsync($"v1/accounts/{Uri.EscapeDataString(user)}", content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<AccountStatus>(WireFormat.Json, cancellationToken))!;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
