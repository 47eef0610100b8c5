using Billing.Client.Reporting.Spooling;

namespace Billing.Client.Reporting.Intake;

/// <summary>
/// Each usage is in a file before its report returns: in the kernel's cache, from where a dying process takes nothing away. It is
/// written by a call, not through mapped memory: a full disk is then an error and no end of the process.
/// </summary>
sealed class JournalIntake(Spool spool, DiskWatch disk) : IIntake
{
    [ThreadStatic] static UsageJson? _json;

    public Task Room => spool.Room;

    public bool TryTake(in UsageReport usage)
    {
        try
        {
            var taken = spool.TryAppend((_json ??= new UsageJson()).Items(new ReadOnlySpan<UsageReport>(in usage)), 1);
            if (taken) disk.NoteSuccess();
            return taken;
        }
        catch (Exception exception) when (DiskWatch.IsTrouble(exception))
        {
            disk.NoteFailure(exception);
            return false;
        }
    }

    public Task Written(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Close(CancellationToken cancellationToken)
    {
        spool.Close();
        return Task.CompletedTask;
    }
}
