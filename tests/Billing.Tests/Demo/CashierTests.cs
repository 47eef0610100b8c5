using System.Collections.Concurrent;
using System.Text;
using Billing.Demo.Payments;
using Billing.Demo.Payments.Journaling;
using Billing.TestSupport;

namespace Billing.Tests.Demo;

/// <summary>The demo's payment service without its broker: its journal, its restarts, its answers.</summary>
public sealed class CashierTests : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    readonly string _file = Path.Combine(Path.GetTempPath(), $"{Ids.WithTime()}.jsonl");
    readonly NoticeBook _told = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task An_order_that_comes_again_is_the_same_payment_also_after_a_restart()
    {
        var order = Order("card");
        await using (var life = Life(Long))
        {
            await life.Cashier.Take(order, default);
            await Told(1);
            await life.Cashier.Take(order, default);
        }
        await using (var life = Life(Long)) await life.Cashier.Take(order, default);

        Assert.Equal(3, _told.Notices.Count);
        Assert.Single(_told.Notices.Select(notice => (notice.Kind, notice.PaymentId, notice.PayUrl)).Distinct());
        Assert.Single(Journal.Read(_file));
    }

    [Fact]
    public async Task What_was_not_at_its_end_goes_on_after_a_restart_and_is_written_once()
    {
        await using (var life = Life(Long))
        {
            await life.Cashier.Take(Order("card:refund"), default);
            await Told(1);
        }
        await using (var life = Life(TimeSpan.Zero))
        {
            life.Cashier.Resume();
            await Finished();
        }
        await using (var life = Life(TimeSpan.Zero)) life.Cashier.Resume();

        Assert.Equal([NoticeKind.Created, NoticeKind.Created, NoticeKind.Succeeded, NoticeKind.Refunded], _told.Notices.Select(notice => notice.Kind));
        Assert.Equal([JournalLine.Ordered, JournalLine.Succeeded, JournalLine.Refunded, JournalLine.Finished], Journal.Read(_file).Select(line => line.What));
    }

    [Theory]
    [InlineData("card:lose", NoticeKind.Succeeded)]
    [InlineData("card:fail", NoticeKind.Failed)]
    [InlineData("card:expire", NoticeKind.Created)]
    public async Task Asked_it_tells_what_is_true_also_after_a_restart(string channel, NoticeKind truth)
    {
        var order = Order(channel);
        await using (var life = Life(TimeSpan.Zero))
        {
            await life.Cashier.Take(order, default);
            await Finished();
        }
        Assert.DoesNotContain(_told.Notices, notice => notice.Kind == NoticeKind.Succeeded);
        _told.Notices.Clear();
        await using (var life = Life(TimeSpan.Zero)) await life.Cashier.Answer(order.RechargeId, default);

        Assert.Equal(truth, Assert.Single(_told.Notices).Kind);
    }

    [Fact]
    public async Task Of_what_it_never_heard_it_says_nothing()
    {
        await using (var life = Life(TimeSpan.Zero)) await life.Cashier.Answer(Ids.WithTime(), default);

        Assert.Empty(_told.Notices);
    }

    [Theory]
    [InlineData("card", true)]
    [InlineData("card:mismatch-amount", false)]
    [InlineData("card:mismatch-currency", false)]
    [InlineData("card:other-payment-id", false)]
    public async Task The_journal_says_whether_the_money_is_what_was_ordered(string channel, bool asOrdered)
    {
        await using (var life = Life(TimeSpan.Zero))
        {
            // The same amount, written otherwise.
            await life.Cashier.Take(Order(channel) with { Amount = "10.0" }, default);
            await Finished();
        }

        Assert.Equal(asOrdered, Journal.Read(_file).Single(line => line.What == JournalLine.Succeeded).AsOrdered);
    }

    [Fact]
    public async Task A_line_that_was_torn_by_a_kill_has_not_happened()
    {
        await using (var life = Life(TimeSpan.Zero))
        {
            await life.Cashier.Take(Order("card"), default);
            await Finished();
        }
        var whole = File.ReadAllBytes(_file);
        File.WriteAllBytes(_file, [.. whole, .. Encoding.UTF8.GetBytes("{\"what\":\"succ")]);

        Assert.Equal(3, Journal.Read(_file).Count);
        new Journal(_file).Dispose();
        Assert.Equal(whole, File.ReadAllBytes(_file));
    }

    RunningCashier Life(TimeSpan payAfter) => new(_file, payAfter, _told);

    Task Told(int count) => Eventually.That(() => Task.FromResult(_told.Notices.Count), told => told >= count, $"{count} notifications are told");

    Task Finished() => Eventually.That(() => Task.FromResult(Journal.Read(_file).Count(line => line.What == JournalLine.Finished)), finished => finished == 1, "the payment is at its end");

    static PaymentOrder Order(string channel) => new()
    {
        RechargeId = Ids.WithoutTime(),
        UserId = "ann",
        Amount = "10.00",
        Currency = "USD",
        Channel = channel,
        ExpiresAt = TimeProvider.System.GetUtcNow() + Long,
    };

    sealed class NoticeBook : INoticeDoor
    {
        public ConcurrentQueue<Notice> Notices { get; } = [];

        public Task Tell(Notice notice, CancellationToken cancellationToken)
        {
            Notices.Enqueue(notice);
            return Task.CompletedTask;
        }
    }

    sealed class RunningCashier : IAsyncDisposable
    {
        readonly Journal _journal;

        public RunningCashier(string file, TimeSpan payAfter, INoticeDoor door)
        {
            _journal = new Journal(file);
            Cashier = new Cashier(new CashierOptions { PayAfter = payAfter }, _journal, door, TimeProvider.System);
        }

        public Cashier Cashier { get; }

        public async ValueTask DisposeAsync()
        {
            await Cashier.DisposeAsync();
            _journal.Dispose();
        }
    }
}
