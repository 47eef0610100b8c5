using System.IO.MemoryMappedFiles;

namespace Billing.Benchmarks.Plans;

/// <summary>How many usages each caller was told are taken, in memory that outlives the process.</summary>
sealed class ConfirmedCounts : IDisposable
{
    public const int CallersMax = 256;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _counts;

    public ConfirmedCounts(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, CallersMax * sizeof(long));
        _counts = _file.CreateViewAccessor();
    }

    public long Sum => Enumerable.Range(0, CallersMax).Sum(caller => _counts.ReadInt64(caller * sizeof(long)));

    /// <summary>Each caller has a place of its own: no two write the same.</summary>
    public void Set(int caller, long count) => _counts.Write(caller * sizeof(long), count);

    public void Dispose()
    {
        _counts.Dispose();
        _file.Dispose();
    }
}
