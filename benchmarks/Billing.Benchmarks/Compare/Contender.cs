namespace Billing.Benchmarks.Compare;

/// <summary>One row of the table.</summary>
/// <param name="Name">Unique in its part.</param>
/// <param name="Counts">What its rate counts.</param>
/// <param name="Measure">One round, on data of its own.</param>
sealed record Contender(string Part, string Name, string Counts, Func<int, Task<Measured>> Measure)
{
    /// <summary>The contender of the same part that its rate is divided by.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Our own, whose audit must hold: a fast wrong answer is a failed run. Of the others it is only told.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Once, after the rounds: what a kill -9 amid the load lost. Null: not tried.</summary>
    public Func<Task<string>>? Kill { get; init; }
}
