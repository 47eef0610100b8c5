using System.Collections.Concurrent;
using System.Diagnostics;
using Billing.Contracts;
using Billing.Service.Ledger;

namespace Billing.Demo.Web;

/// <summary>
/// A web page whose visitors look at accounts while these are charged, and check what they see: movements follow each other without gap,
/// balances are those after the newest movement, statistics never shrink. Once everything is quiet all of it has to agree.
/// </summary>
sealed class WebReader(IWebDoor door, IDatabase database, Func<Random, string> drawUser, int seed, TimeProvider time)
{
    const int Visitors = 2, PageSize = 500, UsersAtTheEnd = 30;

    /// <summary>An account with more movements changes faster than its pages are turned: while there is traffic only its sums are looked at.</summary>
    const long MovementsWhileBusy = 5_000;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly RunningNumbers _numbers = new(database);
    readonly ConcurrentDictionary<string, UsageSums> _seen = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _visited = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<double> _took = new();
    readonly ConcurrentQueue<string> _problems = new();
    int _unanswered, _visits, _checkedAtTheEnd;

    /// <summary>Until it is cancelled.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Visitors).Select(number => Visitor(new Random(seed + number), stop)));

    /// <summary>When nothing moves any more: every account that was visited, or the most of them, has to agree in all its answers.</summary>
    public async Task Finish(CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        for (var i = 0; i < UsersAtTheEnd && _visited.Count < UsersAtTheEnd; i++) _visited.TryAdd(drawUser(random), true);
        foreach (var user in _visited.Keys.Order(StringComparer.Ordinal).Take(UsersAtTheEnd))
        {
            if (await _numbers.Last(user, cancellationToken) is null) continue;
            try
            {
                if (!await Visit(user, isQuiet: true, cancellationToken)) _problems.Enqueue($"{user}: the account moved after everything had come to rest");
                _checkedAtTheEnd++;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _problems.Enqueue($"{user}: there was no answer after everything had come to rest: {exception.Message}");
            }
        }
        if (_checkedAtTheEnd == 0) _problems.Enqueue("no account could be looked at");
    }

    public WebResult Result()
    {
        double[] took = [.. _took.Order()];
        double At(double share) => took.Length == 0 ? 0 : Math.Round(took[(int)Math.Min(took.Length - 1, took.Length * share)], 1);
        return new WebResult(took.Length, _unanswered, _visits, _checkedAtTheEnd, [.. _problems], At(0.50), At(0.99));
    }

    async Task Visitor(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var user = drawUser(random);
            // One visitor at an account: of two at once nobody could say whose answer is the later.
            if (_visited.TryAdd(user, true) || _visited.TryUpdate(user, true, false))
            {
                try
                {
                    await Visit(user, isQuiet: false, stop);
                }
                catch (Exception) when (!stop.IsCancellationRequested)
                {
                    // A service or a server that is away for a moment is part of what a demo may show.
                    Interlocked.Increment(ref _unanswered);
                }
                catch (Exception)
                {
                    // The end came amid a question.
                }
                finally
                {
                    _visited[user] = false;
                }
            }
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>True when nothing moved meanwhile, so that everything was compared.</summary>
    async Task<bool> Visit(string user, bool isQuiet, CancellationToken cancellationToken)
    {
        if (await _numbers.Last(user, cancellationToken) is not { } before) return false;
        Interlocked.Increment(ref _visits);
        var sums = await Sums(user, cancellationToken);
        if (before > MovementsWhileBusy && !isQuiet) return false;

        var (records, entries) = (await Records(user, cancellationToken), await Entries(user, cancellationToken));
        var movements = await _numbers.Number(user, records, entries, cancellationToken);
        var account = await Ask(() => door.Account(user, cancellationToken));
        var stood = await _numbers.Last(user, cancellationToken) == before;

        foreach (var problem in Statement.Problems(movements, before)) Problem(user, problem);
        if (!account.Exists) Problem(user, $"the account is there, and the answer says {account.Code}");
        if (!stood) return false;

        var balance = movements.FirstOrDefault(movement => movement.Number == before)?.BalanceAfter ?? Money.Zero;
        if (account.Balance != balance) Problem(user, $"the balance is {account.Balance}, and {balance} after its newest movement, {before}");
        var added = Statement.Sums(movements, before);
        if (sums != added) Problem(user, $"statistics of all time say {sums}, and the records add up to {added}");
        return true;
    }

    async Task<UsageSums> Sums(string user, CancellationToken cancellationToken)
    {
        var answer = await Ask(() => door.Statistics(new GetStatistics { UserId = user, Period = "all_time" }, cancellationToken));
        Refused(user, "statistics", answer.Code);
        var sums = answer.Total is { } total ? UsageSums.Of(total) : default;
        if (_seen.TryGetValue(user, out var seen) && !sums.IsNotLessThan(seen)) Problem(user, $"statistics of all time went from {seen} to {sums}");
        _seen[user] = sums;
        return sums;
    }

    async Task<IReadOnlyList<RecordLine>> Records(string user, CancellationToken cancellationToken)
    {
        var lines = new List<RecordLine>();
        var request = new ListRecords { UserId = user, Limit = PageSize };
        while (true)
        {
            var page = await Ask(() => door.Records(request, cancellationToken));
            Refused(user, "records", page.Code);
            lines.AddRange(page.Items);
            if (page.NextCursor is null) return lines;
            request = request with { Cursor = page.NextCursor };
        }
    }

    async Task<IReadOnlyList<LedgerLine>> Entries(string user, CancellationToken cancellationToken)
    {
        var lines = new List<LedgerLine>();
        var request = new ListLedger { UserId = user, Limit = PageSize };
        while (true)
        {
            var page = await Ask(() => door.Ledger(request, cancellationToken));
            Refused(user, "ledger", page.Code);
            lines.AddRange(page.Items);
            if (page.NextCursor is null) return lines;
            request = request with { Cursor = page.NextCursor };
        }
    }

    async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await ask();
        _took.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return answer;
    }

    // That the database is away is no answer; anything else is a wrong one.
    void Refused(string user, string what, string? code)
    {
        if (code == ErrorCodes.DatabaseUnavailable) throw new DemoFailure($"The database was away when {what} were asked for.");
        if (code is not null) Problem(user, $"{what} were refused with {code}");
    }

    void Problem(string user, string problem) => _problems.Enqueue($"{user}: {problem}");
}

/// <summary>What the visitors of the web page saw.</summary>
/// <param name="Visits">Accounts looked at, each with statistics, and mostly with all pages and the balance.</param>
/// <param name="CheckedAtTheEnd">Accounts looked at once everything was quiet.</param>
sealed record WebResult(int Answers, int Unanswered, int Visits, int CheckedAtTheEnd, IReadOnlyList<string> Problems, double P50Ms, double P99Ms)
{
    public bool Holds => Problems.Count == 0;
}
