using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Tests.Audit;

/// <summary>The file that a gateway writes: a line for each usage that was confirmed to it.</summary>
sealed class ConfirmedList : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-confirmed-");

    public ConfirmedList(params IEnumerable<string> lines)
    {
        File.WriteAllLines(Path, lines);
    }

    public static string Header => "id,user,service,quantity,cost,occurred_at";

    public string Path => System.IO.Path.Combine(_folder.FullName, "confirmed.csv");

    public static ConfirmedList Of(IEnumerable<Usage> usages) => new([Header, .. usages.Select(Line)]);

    public static string Line(Usage usage) => string.Create(CultureInfo.InvariantCulture,
        $"{usage.UsageId},{usage.UserId},{usage.Service},{usage.Quantity},{usage.Cost},{usage.OccurredAt:yyyy-MM-ddTHH:mm:ss.ffffffZ}");

    public void Dispose() => _folder.Delete(recursive: true);
}
