using Microsoft.Extensions.Logging;

namespace Billing.Client.Reporting.Intake;

/// <summary>Says once that the disk takes nothing, and once that it does again.</summary>
sealed class DiskWatch(ILogger<UsageReporter> log)
{
    int _failing;

    public static bool IsTrouble(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public void NoteFailure(Exception exception)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0) log.LogError(exception, "Usage cannot be written to the disk");
    }

    public void NoteLost(long usages) =>
        log.LogCritical("{LostCount} usages are lost: the program had to end while neither the disk nor the service took them", usages);

    public void NoteSuccess()
    {
        if (Volatile.Read(ref _failing) == 0) return;
        if (Interlocked.Exchange(ref _failing, 0) == 1) log.LogInformation("Usage is written to the disk again");
    }
}
