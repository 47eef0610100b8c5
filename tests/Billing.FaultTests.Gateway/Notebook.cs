using System.Globalization;
using System.Text;
using Billing.Client;

namespace Billing.FaultTests.Gateway;

/// <summary>
/// What the gateway did, line by line, each handed to the kernel at once, so that killing it takes nothing back: "s" and the usage before
/// it is reported, "t", its id and the moment once the report was taken.
/// </summary>
sealed class Notebook(string path)
{
    readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void NoteSending(IEnumerable<UsageReport> usages) => Write(usages.Select(usage =>
        string.Create(CultureInfo.InvariantCulture, $"s,{usage.UsageId},{usage.UserId},{usage.Service},{usage.Quantity},,{usage.OccurredAt:O}\n")));

    public void NoteTaken(IEnumerable<Guid> usageIds, DateTimeOffset now) => Write(usageIds.Select(id => string.Create(CultureInfo.InvariantCulture, $"t,{id},{now:O}\n")));

    void Write(IEnumerable<string> lines)
    {
        lock (_file) _file.Write(Encoding.UTF8.GetBytes(string.Concat(lines)));
    }
}
