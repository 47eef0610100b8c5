using System.Runtime.InteropServices;

namespace Billing.Demo.Stack;

static class Signals
{
    const int Terminate = 15;

    /// <summary>Asks a process to end in good order; .NET itself can only kill.</summary>
    public static void AskToEnd(int processId) => _ = Kill(processId, Terminate);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    static extern int Kill(int processId, int signal);
}
