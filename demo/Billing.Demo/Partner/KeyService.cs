using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Demo.Recharges;
using Billing.Demo.Summary;
using Billing.Service.Ledger;

namespace Billing.Demo.Partner;

/// <summary>
/// The partner that gives out API keys: it makes a user's account ready when it gives one out, some before anybody calls and others while
/// they call already, each twice at once, as a partner does whose own requests come twice.
/// </summary>
sealed class KeyService(IKeyDoor door, IDatabase database, Func<Random, string> drawUser, int seed, TimeProvider time)
{
    const int KeysBefore = 20, KeysMax = 200;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly Random _random = new(seed);
    readonly ConcurrentDictionary<string, bool> _given = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<string> _problems = new();

    public async Task Begin(CancellationToken stop)
    {
        for (var i = 0; i < KeysBefore; i++) await GiveKey(drawUser(_random), stop);
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && _given.Count < KeysMax)
        {
            await GiveKey(drawUser(_random), stop);
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Each account that was made ready has to be there, once.</summary>
    public async Task<KeyResult> Result(CancellationToken cancellationToken)
    {
        var accounts = (await database.Read("select user_id from account", reader => reader.GetString(0), cancellationToken)).Where(_given.ContainsKey).CountBy(user => user).ToDictionary();
        var wrong = from user in _given.Keys
                    let count = accounts.GetValueOrDefault(user)
                    where count != 1
                    orderby user
                    select $"{user} was made ready, and has {count} accounts";
        return new KeyResult(_given.Count, [.. _problems, .. wrong]);
    }

    async Task GiveKey(string user, CancellationToken stop)
    {
        var answers = await Task.WhenAll(Initialize(user, stop), Initialize(user, stop));
        foreach (var answer in answers.OfType<AccountStatus>())
        {
            if (answer is { Exists: true, Code: null } && answer.UserId == user) _given[user] = true;
            else _problems.Enqueue($"{user} was to be made ready, and the answer was {answer.Code ?? $"about {answer.UserId}"}");
        }
    }

    Task<AccountStatus?> Initialize(string user, CancellationToken stop) => Patience.UntilAnswered(async cancellationToken =>
    {
        var answer = await door.Initialize(user, cancellationToken);
        return answer.Code == ErrorCodes.DatabaseUnavailable ? throw new DemoFailure("The database was away.") : answer;
    }, time, stop);
}

/// <summary>What became of the accounts that the partner made ready.</summary>
sealed record KeyResult(int Accounts, IReadOnlyList<string> Problems)
{
    public bool Holds => Problems.Count == 0;
}
