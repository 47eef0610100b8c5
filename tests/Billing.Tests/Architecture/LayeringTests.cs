using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Billing.Tests.Architecture;

public sealed partial class LayeringTests
{
    [Fact]
    public void The_contracts_depend_on_nothing()
    {
        var project = XDocument.Parse(Assert.Single(SourceTree.Files("Billing.Contracts", "*.csproj")).Text);

        Assert.Empty(project.Descendants("PackageReference").Concat(project.Descendants("ProjectReference")).Concat(project.Descendants("FrameworkReference")));
        AssertNone("Billing.Contracts", "names the service or a package", ContractsForbidden());
    }

    [Fact]
    public void Charging_is_pure_no_database_no_broker_no_clock_no_waiting() =>
        AssertNone("Billing.Service/Charging", "is not pure", ImpureInCharging());

    [Fact]
    public void Charging_knows_no_other_folder_of_the_service() =>
        AssertNone("Billing.Service/Charging", "names another folder", OtherFolders());

    [Fact]
    public void Only_the_ledger_the_queries_the_audit_and_the_wiring_of_the_host_name_a_database_driver() =>
        AssertNone("", "names a database driver", Drivers(),
            // The audit adds up by SQL of its own, apart from the ledger's code; so do the queries, which only read.
            // Reliable messaging has one class with its statements for each engine.
            except: ["src/Billing.Service/Ledger/", "src/Billing.Service/Queries/Postgres/", "src/Billing.Service/Queries/Sqlite/", "src/Billing.Service/Audit/", "src/Billing.Service/Hosting/", "src/Billing.ReliableMessaging/"]);

    [Fact]
    public void Reliable_messaging_knows_nothing_of_billing()
    {
        var project = XDocument.Parse(Assert.Single(SourceTree.Files("Billing.ReliableMessaging", "*.csproj")).Text);

        Assert.Empty(project.Descendants("ProjectReference"));
        AssertNone("Billing.ReliableMessaging", "names another part", OtherParts());
    }

    [Fact]
    public void Only_one_folder_of_the_cache_names_Redis() => AssertNone("", "names Redis", Redis(), except: ["src/Billing.Service/Quota/Caching/Redis/"]);

    [Fact]
    public void No_money_is_ever_a_floating_point_number()
    {
        foreach (var folder in (string[])["Billing.Contracts", "Billing.Service/Charging", "Billing.Service/Ledger", "Billing.Service/Queries", "Billing.Service/Quota", "Billing.Service/Catalogues"])
            AssertNone(folder, "has a floating point number", FloatingPoint());
    }

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var tooLong = SourceTree.Files("").Where(file => file.Text.Count(character => character == '\n') > 300).Select(file => file.Path);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Nothing_writes_to_the_ledgers_tables_but_the_ledger() =>
        AssertNone("", "writes to a money table", MoneyTableWrites(), keepTexts: true, except: ["src/Billing.Service/Ledger/"]);

    static void AssertNone(string folder, string what, Regex pattern, bool keepTexts = false, params string[] except)
    {
        var found =
            from file in SourceTree.Files(folder)
            where !except.Any(file.Path.StartsWith)
            from line in file.Text.Split('\n').Select((text, index) => (Text: text.Trim(), Number: index + 1))
            where !line.Text.StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(keepTexts ? line.Text : Texts().Replace(line.Text, "''"))
            select $"{file.Path}:{line.Number} {what}: {line.Text}";
        Assert.Empty(found);
    }

    [GeneratedRegex(@"Billing\.Service|MassTransit\.|Npgsql|Microsoft\.(AspNetCore|Extensions|Data)")]
    internal static partial Regex ContractsForbidden();

    [GeneratedRegex(@"MassTransit|Npgsql|Sqlite|AspNetCore|Microsoft\.Extensions|System\.(Net|IO|Data|Threading)\b|\b(TimeProvider|Stopwatch|Task|ValueTask|async|await|Random|Environment|ILogger|HttpClient|File)\b|\.(UtcNow|Now)\s*(;|\(\))")]
    internal static partial Regex ImpureInCharging();

    [GeneratedRegex(@"Billing\.Service\.(?!Charging\b)\w+")]
    internal static partial Regex OtherFolders();

    [GeneratedRegex(@"\bBilling\.(?!ReliableMessaging\b)\w+")]
    internal static partial Regex OtherParts();

    [GeneratedRegex(@"\bNpgsql|Microsoft\.Data\.Sqlite|\bSqlite(Connection|Command|Exception)\b|Ledger\.(Postgres|Sqlite)\b")]
    internal static partial Regex Drivers();

    [GeneratedRegex(@"StackExchange|\bIConnectionMultiplexer\b|\bRedis(Key|Value)\b")]
    internal static partial Regex Redis();

    [GeneratedRegex(@"\b(double|float|Single|Half)\b|\b\d+\.\d+[fFdD]?\b|\b\d+[fFdD]\b")]
    internal static partial Regex FloatingPoint();

    [GeneratedRegex(@"""(\\.|[^""\\])*""")]
    internal static partial Regex Texts();

    [GeneratedRegex(@"\b(insert into|update|delete from)\s+(account|free_quota|usage_record|usage_rollup|usage_identity|ledger_entry|reservation)\b", RegexOptions.IgnoreCase)]
    internal static partial Regex MoneyTableWrites();
}
