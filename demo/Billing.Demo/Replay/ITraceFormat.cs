namespace Billing.Demo.Replay;

/// <summary>How a line of a recording is read. The same line gives the same call wherever and whenever it is read.</summary>
interface ITraceFormat
{
    /// <summary>For people, and for the memory of what was replayed: all that decides on a usage beside the file itself.</summary>
    string Recipe { get; }

    /// <summary>Whether the catalogue or the gateway prices what this recording calls.</summary>
    bool HasCosts { get; }

    /// <summary>The call, or what is wrong with the line.</summary>
    (TraceCall? Call, string? Problem) Read(long number, string line);
}
