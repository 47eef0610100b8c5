using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.TestSupport.Ledger;
using Npgsql;

namespace Billing.IntegrationTests.Ledger;

[Collection(ServersCollection.Name)]
public sealed class PostgresLedgerTests(PostgresLedger postgres) : LedgerCompliance, IClassFixture<PostgresLedger>
{
    protected override Task<LedgerUnderTest> OpenLedger() => Task.FromResult<LedgerUnderTest>(postgres.Ledger);

    protected override ValueTask CloseLedger() => postgres.Ledger.CloseStores();

    [Fact]
    public async Task Now_is_the_databases_and_read_under_the_locks()
    {
        var user = Ids.User("waits");
        await Adjust(user, new Money(1_000_000_000));
        Task<Outcome[]> deduction;
        await using (await AccountLock.Take(postgres.Ledger.DataSource, user))
        {
            // The deadline passes while another instance has the account: nothing may be charged after it.
            var deadline = Ledger.Now.AddMilliseconds(200);
            deduction = Writer.Apply([TestUsage.Of(user).ToDeduction(deadline)], default);
            await AccountLock.WaitUntilWaiting(postgres.Ledger.DataSource, 1);
            await Eventually.That(() => Task.FromResult(Ledger.Now), now => now > deadline.AddMilliseconds(100), "the deadline is over");
        }
        Assert.Equal(ErrorCodes.RequestExpired, Assert.IsType<Refused>((await deduction)[0]).Code);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.UniqueViolation, FailureKind.Conflict)]
    [InlineData(PostgresErrorCodes.DeadlockDetected, FailureKind.Conflict)]
    [InlineData(PostgresErrorCodes.SerializationFailure, FailureKind.Conflict)]
    [InlineData(PostgresErrorCodes.CheckViolation, FailureKind.Unwritable)]
    [InlineData(PostgresErrorCodes.NumericValueOutOfRange, FailureKind.Unwritable)]
    [InlineData(PostgresErrorCodes.CharacterNotInRepertoire, FailureKind.Unwritable)]
    [InlineData(PostgresErrorCodes.DiskFull, FailureKind.Unavailable)]
    [InlineData(PostgresErrorCodes.AdminShutdown, FailureKind.Unavailable)]
    [InlineData(PostgresErrorCodes.CannotConnectNow, FailureKind.Unavailable)]
    [InlineData(PostgresErrorCodes.TooManyConnections, FailureKind.Unavailable)]
    [InlineData(PostgresErrorCodes.LockNotAvailable, FailureKind.Unavailable)]
    public void A_failure_is_told_by_its_sqlstate(string sqlState, FailureKind kind) =>
        Assert.Equal(kind, Ledger.NewStore().Classify(new PostgresException("", "ERROR", "ERROR", sqlState)));

    [Fact]
    public async Task A_server_that_is_away_will_do_later()
    {
        await using var nowhere = new NpgsqlDataSourceBuilder("Host=127.0.0.1;Port=1;Username=none;Timeout=1").Build();
        var store = new Billing.Service.Ledger.Postgres.PostgresLedgerStore(nowhere, Ledger.Outbox.Outbox);
        Assert.Equal(FailureKind.Unavailable, store.Classify(await Assert.ThrowsAnyAsync<Exception>(() => store.Ping(default))));
    }

    [Fact]
    public async Task A_batch_that_waits_too_long_for_a_lock_will_do_later()
    {
        var store = Ledger.NewStore();
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("stuck")));
        var writer = new LedgerWriter(store, Ledger.Rules);
        await writer.Apply([new OpenAccount(usage.UserId)], default);
        await using (await AccountLock.Take(postgres.Ledger.DataSource, usage.UserId))
            Assert.Equal(FailureKind.Unavailable, store.Classify(await Assert.ThrowsAnyAsync<Exception>(() => writer.Apply([usage.ToCharge()], default))));

        await writer.Apply([usage.ToCharge()], default);
    }
}
