using System.Diagnostics;

namespace Billing.FaultTests.Harness;

/// <summary>A file system of a few megabytes, in memory, on which a stack's database keeps the records of these days: it can be really full.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    const int Megabytes = 8;

    readonly ServersStack _stack;
    readonly string _folder = Path.Combine(Path.GetTempPath(), $"billing-disk-{Guid.CreateVersion7():N}");
    readonly string _name = $"small_{Guid.CreateVersion7():N}";

    SmallDisk(ServersStack stack) => _stack = stack;

    string Filler => Path.Combine(_folder, "filler");

    static IEnumerable<string> Records => Enumerable.Range(0, 2).Select(day => $"ledger.usage_record_{TimeProvider.System.GetUtcNow().AddDays(day):yyyyMMdd}");

    public static async Task<SmallDisk> Below(ServersStack stack)
    {
        var disk = new SmallDisk(stack);
        Directory.CreateDirectory(disk._folder);
        // Under root the server belongs to this user.
        var user = await Run("id", "-u", "postgres");
        await Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=700,uid={user.Trim()}", "tmpfs", disk._folder);
        await stack.ExecuteAsAdmin($"create tablespace {disk._name} location '{disk._folder}'");
        foreach (var records in Records) await stack.ExecuteAsAdmin($"alter table {records} set tablespace {disk._name}");
        return disk;
    }

    /// <summary>Not a byte is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true) filler.Write(page);
        }
        catch (IOException)
        {
            // That is when it is full.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        MakeRoom();
        foreach (var records in Records) await _stack.ExecuteAsAdmin($"alter table {records} set tablespace pg_default");
        await _stack.ExecuteAsAdmin($"drop tablespace {_name}");
        await Run("umount", _folder);
        Directory.Delete(_folder);
    }

    static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await error}");
    }
}

/// <summary>A test that mounts a file system: only root may.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "mounts a file system, which only root may; its twin with a trigger has run";
    }
}
