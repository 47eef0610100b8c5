using Billing.Client;
using Billing.FaultTests.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A gateway to be killed: it only reports, or leases for one user first. Its settings come by the environment, as the library names them.
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Information);
builder.Services.AddBillingClient();
builder.Services.AddSingleton(new Notebook(Environment.GetEnvironmentVariable("GATEWAY_NOTEBOOK")!));
builder.Services.AddSingleton(TimeProvider.System);
if (Environment.GetEnvironmentVariable("GATEWAY_LESSEE") is { Length: > 0 } user)
    builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<LeasedCalls>(provider, user));
else
    builder.Services.AddHostedService<Calls>();
await builder.Build().RunAsync();
