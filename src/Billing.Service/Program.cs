using System.CommandLine;
using Billing.Service.Audit;
using Billing.Service.Hosting;
using Billing.Service.Http;

var audit = AuditCommand.Build();
var root = new RootCommand("Prepaid billing for platforms that sell API calls. Without a command it runs the service.") { audit, HealthCommand.Build() };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((_, cancellationToken) => BillingHost.Build(args).RunAsync(cancellationToken));

var parsed = root.Parse(args);
return parsed.CommandResult.Command == audit && AuditCommand.IsWrongUsage(parsed) ? AuditCommand.Refuse(parsed) : await parsed.InvokeAsync();
