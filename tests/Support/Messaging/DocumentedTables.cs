using System.Runtime.CompilerServices;

namespace Billing.TestSupport.Messaging;

/// <summary>The tables as the README of the library gives them to those who write migrations by hand.</summary>
static class DocumentedTables
{
    public static string Sql(string engine)
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Billing.ReliableMessaging/README.md"));
        var block = readme.Split($"```sql {engine}\n");
        Assert.Equal(2, block.Length);
        return block[1][..block[1].IndexOf("```", StringComparison.Ordinal)];
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
