namespace Billing.FaultTests.Harness;

/// <summary>Debian's libfaketime, which <c>scripts/servers.sh install-tools</c> brings: a process with it has a clock of its own.</summary>
static class Faketime
{
    public static string Library =>
        Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
        ?? throw new InvalidOperationException("libfaketime is missing: scripts/servers.sh install-tools");
}
