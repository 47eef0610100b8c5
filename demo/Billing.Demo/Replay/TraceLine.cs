namespace Billing.Demo.Replay;

/// <summary>What a line of a recording is: a call, or no call and why. Neither: it says nothing, such as an empty one.</summary>
readonly record struct TraceLine(long Number, TraceCall? Call, string? Problem);
