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
var jobs = JobsCommand.BuildList();
var job = JobsCommand.BuildRun();
var root = new RootCommand("Prepaid billing for platforms that sell API calls. Without a command it runs the service.") { audit, verifyCache, keys, migrate, jobs, job, HealthCommand.Build() };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((_, cancellationToken) => RunToTheEnd.Of(BillingHost.Build(args), BillingHost.StopsWithin + TimeSpan.FromSeconds(3), cancellationToken));

var parsed = root.Parse(args);
if (parsed.CommandResult.Command == audit && AuditCommand.IsWrongUsage(parsed)) return AuditCommand.Refuse(parsed);
if (parsed.CommandResult.Command == verifyCache && VerifyCacheCommand.IsWrongUsage(parsed)) return VerifyCacheCommand.Refuse(parsed);
if (parsed.CommandResult.Command == migrate && MigrateCommand.IsWrongUsage(parsed)) return MigrateCommand.Refuse(parsed);
if ((parsed.CommandResult.Command == jobs || parsed.CommandResult.Command == job) && JobsCommand.IsWrongUsage(parsed)) return JobsCommand.Refuse(parsed);
if (keys.Subcommands.Contains(parsed.CommandResult.Command) && KeysCommand.IsWrongUsage(parsed)) return KeysCommand.Refuse(parsed);
// Left to itself this library ends a stop after two seconds, with exit code 143: requests, batches and webhooks in hand need longer.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = BillingHost.StopsWithin + TimeSpan.FromSeconds(5) });
