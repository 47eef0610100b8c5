using Billing.Contracts;

namespace Billing.Demo.Replay;

/// <summary>One call of a recording, at the time at which it was recorded.</summary>
/// <param name="Cost">Absent: priced by the catalogue.</param>
readonly record struct TraceCall(string User, string Service, Money? Cost, DateTimeOffset At);
