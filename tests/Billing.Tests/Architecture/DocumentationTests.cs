using System.Text.RegularExpressions;

namespace Billing.Tests.Architecture;

/// <summary>What the documentation points at is there.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_link_to_a_file_or_folder_of_the_repository_finds_it()
    {
        var dead =
            from page in Directory.GetFiles(SourceTree.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories))
            from link in Links().Matches(File.ReadAllText(page))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#')
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target.Split('#')[0]))
            select $"{Path.GetRelativePath(SourceTree.Root, page)}: {target}";

        Assert.Empty(dead);
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    internal static partial Regex Links();
}
