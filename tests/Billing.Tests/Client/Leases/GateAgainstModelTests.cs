using Billing.Client;

namespace Billing.Tests.Client.Leases;

/// <summary>Random calls, times, sleeps and lost answers against plain books: what each reservation had, gave out and was used for.</summary>
public sealed class GateAgainstModelTests
{
    static readonly string[] Users = ["ann", "bob", "eve"];

    [Fact]
    public async Task Whatever_gets_lost_no_more_is_handed_out_than_is_set_aside_and_all_of_the_rest_goes_back()
    {
        for (var seed = 0; seed < 60; seed++) await Live(seed);
    }

    static async Task Live(int seed)
    {
        var chance = new Random(seed);
        var running = new RunningGate(options =>
        {
            (options.UnitsMin, options.FirstCalls, options.LeaseTime) = (chance.Next(1, 10), chance.Next(1, 20), TimeSpan.FromSeconds(chance.Next(4, 30)));
            options.KeysMax = chance.Next(1, 5);
        });
        var funds = chance.Next(0, 600);
        running.Funds.Available = funds;
        running.Funds.Happens = _ => chance.Next(10) switch { 0 => FakeFunds.Fault.RequestLost, 1 => FakeFunds.Fault.AnswerLost, _ => FakeFunds.Fault.None };
        var books = new Dictionary<Guid, (long Out, long Used)>();
        var calls = new List<QuotaGrant>();
        for (var step = 0; step < 250; step++)
        {
            switch (chance.Next(12))
            {
                case < 5:
                    Granted(await running.Acquire(chance.Next(1, 6), Users[chance.Next(Users.Length)]));
                    break;
                case < 7:
                    if (running.Try(out var grant, chance.Next(1, 6), Users[chance.Next(Users.Length)])) Granted(grant);
                    break;
                case < 10 when calls.Count > 0:
                    Settle(calls[chance.Next(calls.Count)]);
                    break;
                case 10:
                    running.Advance(chance.NextDouble() * 4);
                    break;
                case 11 when chance.Next(10) == 0:
                    running.Time.Sleep(TimeSpan.FromSeconds(chance.Next(1, 60)));
                    break;
            }
            Check(seed);
        }
        while (calls.Count > 0) Settle(calls[^1]);
        running.Funds.Happens = static _ => FakeFunds.Fault.None;
        running.Advance(10);
        await running.DisposeAsync();

        Check(seed);
        running.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(funds - books.Values.Sum(book => book.Used), running.Funds.Sweep());

        void Granted(QuotaGrant grant)
        {
            if (!grant.Allowed) return;
            var hold = running.Funds.Holds[grant.ReservationId!.Value];
            Assert.True(hold.Open && running.Time.GetUtcNow() < hold.GrantUntil, $"seed {seed}: handed out under {hold} at {running.Time.GetUtcNow()}");
            var book = books.GetValueOrDefault(grant.ReservationId.Value);
            books[grant.ReservationId.Value] = book with { Out = book.Out + grant.Quantity };
            calls.Add(grant);
        }

        void Settle(QuotaGrant grant)
        {
            var actual = chance.NextInt64(0, grant.Quantity + 1);
            var book = books[grant.ReservationId!.Value];
            books[grant.ReservationId.Value] = (book.Out - grant.Quantity, book.Used + actual);
            calls.Remove(grant);
            Assert.True(grant.Complete(actual));
            Assert.False(grant.Complete(actual));
        }

        void Check(int seed)
        {
            foreach (var (id, book) in books)
            {
                var hold = running.Funds.Holds[id];
                Assert.True(book.Out + book.Used <= hold.Units, $"seed {seed}: {book} of {hold.Units}");
                if (hold.Used is { } told) Assert.Equal((seed, 0L, book.Used), (seed, book.Out, told));
            }
        }
    }
}
