using System.Diagnostics;

namespace Billing.Demo.Stack;

/// <summary>A program beside this one, as a process yet to start.</summary>
static class ServiceProgram
{
    // In a session of its own a Ctrl-C in the terminal reaches the demo only, which then ends the service in good order.
    static readonly string? Setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    /// <summary>The service.</summary>
    public static ProcessStartInfo With(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) => Of("Billing.Service.dll", environment, arguments);

    public static ProcessStartInfo Of(string program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        string[] command = [.. Setsid is null ? Array.Empty<string>() : [Setsid], Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, program)];
        // Run as `dotnet Billing.Demo.dll` the process is dotnet; run by its own launcher it is not.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet") command[^2] = "dotnet";

        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in command.Skip(1).Concat(arguments)) start.ArgumentList.Add(argument);
        // A program gets its own addresses and no other user's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("BILLING_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }
}
