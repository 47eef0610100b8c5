using Microsoft.Win32.SafeHandles;

namespace Billing.Client.Reporting.Spooling;

/// <summary>One file of the spool: written once from the beginning to its end, read the same way, and deleted when all of it is confirmed.</summary>
sealed class Segment : IDisposable
{
    const string DamagedSuffix = ".damaged";

    readonly SafeFileHandle _handle;

    Segment(string path, SafeFileHandle handle, long end, bool isLive) => (Path, _handle, End, IsLive) = (path, handle, end, isLive);

    public string Path { get; }

    /// <summary>Whether an earlier process wrote it.</summary>
    public bool WasRecovered { get; private init; }

    /// <summary>Up to here it is written. What an interrupted write left behind it is overwritten, or read as a torn end.</summary>
    public long End { get; private set; }

    /// <summary>Up to here it has been read.</summary>
    public long Read { get; set; }

    /// <summary>Up to here it is on the disk for certain.</summary>
    public long Synced { get; set; }

    /// <summary>Whether more may be written to it.</summary>
    public bool IsLive { get; set; }

    /// <summary>Messages read from it and not confirmed yet.</summary>
    public int InFlight { get; set; }

    /// <summary>Bytes in its middle that were not as they had been written.</summary>
    public long DamagedBytes { get; set; }

    /// <summary>Bytes at its end that were never written to their end.</summary>
    public long TornBytes { get; set; }

    public bool IsConfirmed => Read == End && InFlight == 0;

    public static Segment Create(string path) =>
        new(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read), 0, isLive: true);

    /// <summary>One that an earlier process left behind.</summary>
    public static Segment Open(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return new Segment(path, handle, RandomAccess.GetLength(handle), isLive: false) { WasRecovered = true };
    }

    public void Append(ReadOnlySpan<byte> record)
    {
        RandomAccess.Write(_handle, record, End);
        End += record.Length;
    }

    /// <summary>From a place on, as much as there is and has room.</summary>
    public int ReadAt(long place, long end, Span<byte> into)
    {
        var wanted = into[..(int)Math.Min(into.Length, end - place)];
        var read = 0;
        while (read < wanted.Length && RandomAccess.Read(_handle, wanted[read..], place + read) is > 0 and var more) read += more;
        return read;
    }

    public void Sync() => RandomAccess.FlushToDisk(_handle);

    /// <summary>Everything in it is confirmed. With something in it that could not be read, a person may want to look.</summary>
    public void Retire()
    {
        Dispose();
        if (DamagedBytes > 0) File.Move(Path, Path + DamagedSuffix, overwrite: true);
        else File.Delete(Path);
    }

    public void Dispose() => _handle.Dispose();
}
