using System.Globalization;
using Billing.Contracts;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>A recording, what is in it, and where in time it is put: all that is known before a service runs.</summary>
sealed record ReplayPlan(ReplayOptions Options, TraceFile File, Survey Survey, Timeline Timeline, bool IsAnchorKnown)
{
    public static ReplayPlan Of(ReplayOptions options, string memoryFile, DateTimeOffset now)
    {
        var file = TraceFile.Open(options);
        var survey = Survey.Of(file);
        if (options.Anchor > now + UsageAge.AheadMax) throw new DemoFailure($"--anchor {ReplayMemory.Text(options.Anchor.Value)} is in the future: usage that has not happened is not charged.");

        var rounded = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        // An anchor that cannot be charged is refused before it is remembered.
        var memory = new ReplayMemory(memoryFile);
        if (options.Anchor is { } given && !memory.Knows(file.Id.Hash)) RefuseTooOld(new Timeline(survey.First, survey.Last, given), now);
        var (anchor, isKnown) = memory.AnchorOf(file.Id.Hash, Path.GetFileName(options.File), file.Format.Recipe, options.Anchor, rounded);
        return new ReplayPlan(options, file, survey, new Timeline(survey.First, survey.Last, anchor), isKnown);
    }

    public UsageOccurred UsageOf(long line, TraceCall call) => new()
    {
        UsageId = File.Id.UsageIdOf(line),
        UserId = call.User,
        Service = call.Service,
        Quantity = 1,
        Cost = call.Cost,
        OccurredAt = Timeline.Shifted(call.At),
    };

    /// <summary>What a person wants to know before anything is sent.</summary>
    public IEnumerable<string> Announcement(DateTimeOffset now)
    {
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

        yield return Text($"{File.Format.Recipe}: {Survey.Calls:#,0} calls of {Survey.Users.Count:#,0} users to {Survey.Services.Count:#,0} services in {Survey.Lines:#,0} lines, {Survey.Malformed.Count:#,0} of them malformed");
        foreach (var line in Survey.Malformed.Take(MalformedShown)) yield return Text($"  line {line.Line} is not sent: {line.Reason}");
        if (Survey.Malformed.Count > MalformedShown) yield return Text($"  and {Survey.Malformed.Count - MalformedShown:#,0} more; --report has them all");
        yield return Text($"recorded {Survey.First.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z to {Survey.Last.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; moved so that the last call is at {ReplayMemory.Text(Timeline.Anchor)}{(IsAnchorKnown ? ", as when it was replayed here before" : "")}");
        if (Timeline.IsCompressed)
            yield return Text($"its {Timeline.Span.TotalDays:#,0.0} days are compressed to {Timeline.SpanMax.TotalDays:0}: usage is charged until it is {UsageAge.Max.TotalDays:0} days old");
        if (Timeline.Begin < now - UsageAge.Max)
            yield return Text($"its first calls are more than {UsageAge.Max.TotalDays:0} days old by now: what is charged already stays a duplicate, what is not will be rejected as {ErrorCodes.UsageTooOld}");
    }

    const int MalformedShown = 20;

    static void RefuseTooOld(Timeline timeline, DateTimeOffset now)
    {
        if (timeline.Begin < now - UsageAge.Max)
            throw new DemoFailure($"With --anchor {ReplayMemory.Text(timeline.Anchor)} the first call is more than {UsageAge.Max.TotalDays:0} days ago: it would be rejected as {ErrorCodes.UsageTooOld}.");
    }
}
