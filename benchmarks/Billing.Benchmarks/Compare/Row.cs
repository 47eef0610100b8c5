namespace Billing.Benchmarks.Compare;

/// <summary>A contender's rounds; the median by rate stands for it.</summary>
sealed class Row(Contender contender)
{
    public Contender Contender => contender;
    public List<Measured> Rounds { get; } = [];
    public string? Lost { get; set; }

    /// <summary>Why it ended, if it did.</summary>
    public string? Failure { get; set; }

    public Measured? Median => Rounds.Count == 0 ? null : Rounds.OrderBy(round => round.PerSecond).ElementAt(Rounds.Count / 2);

    public double? Ratio { get; set; }

    public bool IsRight => !contender.IsOurs || (Failure is null && Rounds.All(round => round.Verdict is null or { IsRight: true }));

    /// <summary>Of all rounds: one that is wrong is not outvoted.</summary>
    public string Audit => Failure ?? Rounds.Select(round => round.Verdict).FirstOrDefault(verdict => verdict is { IsRight: false })?.Says ?? Rounds.FirstOrDefault()?.Verdict?.Says ?? "";
}
