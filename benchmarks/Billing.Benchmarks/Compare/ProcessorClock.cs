namespace Billing.Benchmarks.Compare;

/// <summary>Processor time by /proc: of a process, of those that it started, and of those among them that have ended.</summary>
static class ProcessorClock
{
    // USER_HZ: 100 on every Linux that .NET runs on.
    const double TicksPerSecond = 100;
    const int Parent = 1;
    const int FirstTime = 11;
    const int Times = 4;

    public static double? OfPostgres => OfServer("postgres");
    public static double? OfRabbitMq => OfServer("rabbitmq");

    /// <summary>In seconds; null where the server is not one that was started for us.</summary>
    static double? OfServer(string name) =>
        Environment.GetEnvironmentVariable("BILLING_SERVERS_DIR") is { } folder && File.Exists(Path.Combine(folder, name, "process"))
            ? OfTree(int.Parse(File.ReadAllText(Path.Combine(folder, name, "process")).Split(' ')[0]))
            : null;

    public static double OfTree(int root)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Fields: Read(id))).Where(process => process.Fields is not null).ToDictionary(process => process.Id, process => process.Fields!);
        var children = processes.ToLookup(process => int.Parse(process.Value[Parent]), process => process.Key);
        return Sum(root) / TicksPerSecond;

        long Sum(int id) => (processes.TryGetValue(id, out var fields) ? fields.Skip(FirstTime).Take(Times).Sum(long.Parse) : 0) + children[id].Sum(Sum);
    }

    /// <summary>The fields of stat after the program's name, which may hold anything.</summary>
    static string[]? Read(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // Ended while we looked.
            return null;
        }
    }
}
