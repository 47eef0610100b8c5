using System.CommandLine;
using Billing.Service.Hosting;

var root = new RootCommand("Prepaid billing for platforms that sell API calls. Without a command it runs the service.") { TreatUnmatchedTokensAsErrors = false };
root.SetAction((_, cancellationToken) => BillingHost.Build(args).RunAsync(cancellationToken));
return await root.Parse(args).InvokeAsync();
