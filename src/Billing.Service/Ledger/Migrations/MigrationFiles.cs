using System.Reflection;

namespace Billing.Service.Ledger.Migrations;

/// <summary>Numbered files embedded in an assembly as <c>{Namespace}.{engine}.0001_name.sql</c>. A number is used once in all of the program.</summary>
public sealed record MigrationFiles(Assembly Assembly, string Namespace)
{
    public IEnumerable<(int Version, string Name, string Sql)> Of(string engine)
    {
        var folder = $"{Namespace}.{engine}.";
        return Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Select(resource => (Version(resource[folder.Length..]), resource[folder.Length..], Text(resource)));
    }

    static int Version(string file) => int.Parse(file[..file.IndexOf('_')]);

    string Text(string resource)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
