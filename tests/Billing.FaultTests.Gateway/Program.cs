using Billing.Client;
using Billing.FaultTests.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A gateway that only reports: to be killed. Its settings come by the environment, as the library names them.
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Information);
builder.Services.AddBillingClient();
builder.Services.AddSingleton(new Notebook(Environment.GetEnvironmentVariable("GATEWAY_NOTEBOOK")!));
builder.Services.AddHostedService<Calls>();
await builder.Build().RunAsync();
