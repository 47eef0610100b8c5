using Billing.Benchmarks.Plain;
using Billing.Contracts;
using Billing.Service.Charging;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;

namespace Billing.Benchmarks.Plans;

/// <summary>
/// What most teams write first: a context for each call, the account's row locked, the entities loaded and changed, one SaveChanges, one
/// commit. The same tables and rules as the service, without roll-ups. With a cache it is write-around: the user's entry is deleted after
/// the commit.
/// </summary>
sealed class PerCall(NpgsqlDataSource database, ConnectionMultiplexer? cache = null) : IPlan
{
    readonly DbContextOptions<PlainContext> _options = new DbContextOptionsBuilder<PlainContext>().UseNpgsql(database).Options;

    public async Task Charge(Usage usage)
    {
        await Commit(usage);
        if (cache is not null) await cache.GetDatabase().KeyDeleteAsync($"quota:{usage.UserId}");
    }

    public Task Drain() => Task.CompletedTask;

    public async Task<(long Charged, long Twice)> Count()
    {
        await using var command = database.CreateCommand("select count(*) from usage_record");
        return ((long)(await command.ExecuteScalarAsync())!, 0);
    }

    public ValueTask DisposeAsync()
    {
        cache?.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task Commit(Usage usage)
    {
        await using var context = new PlainContext(_options);
        await using var transaction = await context.Database.BeginTransactionAsync();
        var account = await context.Accounts.FromSql($"select * from account where user_id = {usage.UserId} for update").SingleAsync();
        var day = DateOnly.FromDateTime(usage.OccurredAt.UtcDateTime);
        if (await context.Records.AnyAsync(known => known.UsageId == usage.UsageId && known.Day == day)) return;

        var service = Workload.Services.Single(offer => offer.Name == usage.Service);
        var month = new DateOnly(usage.OccurredAt.Year, usage.OccurredAt.Month, 1);
        var quota = await context.FreeQuotas.SingleAsync(quota => quota.AccountId == account.AccountId && quota.ServiceId == service.ServiceId && quota.Month == month);
        var price = service.PriceAt(usage.OccurredAt)!;
        var freeUnits = Math.Min(usage.Quantity, quota.Granted - quota.Used - quota.Held);
        var cost = price.Price.Cost(usage.Quantity);
        var amount = Share.OfAmount(cost, usage.Quantity - freeUnits, usage.Quantity);
        if (amount.Nanos > account.BalanceNanos - account.HeldNanos + account.OverdraftLimitNanos) throw new InvalidOperationException($"{usage.UserId} cannot pay.");

        quota.Used += freeUnits;
        account.BalanceNanos -= amount.Nanos;
        account.LastEntryNumber++;
        account.Version++;
        context.Records.Add(new PlainRecord
        {
            UsageId = usage.UsageId,
            Day = day,
            AccountId = account.AccountId,
            EntryNumber = account.LastEntryNumber,
            ServiceId = service.ServiceId,
            Quantity = (int)usage.Quantity,
            FreeUnits = (int)freeUnits,
            CostNanos = cost.Nanos,
            AmountNanos = amount.Nanos,
            PriceVersion = price.Version,
            QuotaMonth = month,
            BalanceAfterNanos = account.BalanceNanos,
            FreeUnitsAfter = quota.Granted - quota.Used,
            OccurredAt = usage.OccurredAt.UtcDateTime,
            ChargedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
            ContentHash = usage.ContentHash,
        });
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
