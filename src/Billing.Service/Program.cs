using System.CommandLine;
using Billing.Service.Access;
using Billing.Service.Audit;
using Billing.Service.Hosting;
using Billing.Service.Http;
using Billing.Service.Quota.Caching.Checking;

var audit = AuditCommand.Build();
var verifyCache = VerifyCacheCommand.Build();
var keys = KeysCommand.Build();
var migrate = MigrateCommand.Build();
var root = new RootCommand("Prepaid billing for platforms that sell API calls. Without a command it runs the service.") { audit, verifyCache, keys, migrate, HealthCommand.Build() };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((_, cancellationToken) => BillingHost.Build(args).RunAsync(cancellationToken));

var parsed = root.Parse(args);
if (parsed.CommandResult.Command == audit && AuditCommand.IsWrongUsage(parsed)) return AuditCommand.Refuse(parsed);
if (parsed.CommandResult.Command == verifyCache && VerifyCacheCommand.IsWrongUsage(parsed)) return VerifyCacheCommand.Refuse(parsed);
if (parsed.CommandResult.Command == migrate && MigrateCommand.IsWrongUsage(parsed)) return MigrateCommand.Refuse(parsed);
if (keys.Subcommands.Contains(parsed.CommandResult.Command) && KeysCommand.IsWrongUsage(parsed)) return KeysCommand.Refuse(parsed);
return await parsed.InvokeAsync();
