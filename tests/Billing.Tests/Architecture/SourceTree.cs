using System.Runtime.CompilerServices;

namespace Billing.Tests.Architecture;

/// <summary>The sources as files, found from where this one was compiled.</summary>
static class SourceTree
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    /// <summary>The files of a folder below <c>src</c>; a folder that is not there or empty is a mistake of the test.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files(string folder, string pattern = "*.cs")
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "src", folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path)).Where(path => !path.Split('/', '\\').Any(part => part is "bin" or "obj"))
            .Select(path => (path, File.ReadAllText(Path.Combine(Root, path)))).ToList();
        Assert.NotEmpty(files);
        return files;
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
