using Billing.Contracts;
using Billing.Service.Charging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Benchmarks.Plain;

/// <summary>
/// What most teams write first: a context for each request, the account's row locked, the entities loaded and changed, one
/// SaveChanges, one commit. The same tables, the same rules, as careful about money as the service.
/// </summary>
sealed class PlainReservations(NpgsqlDataSource dataSource, IReadOnlyList<ServiceOffer> services)
{
    readonly DbContextOptions<PlainContext> _options = new DbContextOptionsBuilder<PlainContext>().UseNpgsql(dataSource).Options;

    /// <summary>False when the funds do not cover it.</summary>
    public async Task<bool> Reserve(Guid reservationId, string userId, string serviceName, long quantity, DateTimeOffset now, TimeSpan grantFor)
    {
        await using var context = new PlainContext(_options);
        await using var transaction = await context.Database.BeginTransactionAsync();
        var account = await context.Accounts.FromSql($"select * from account where user_id = {userId} for update").SingleAsync();
        if (await context.Reservations.AnyAsync(known => known.AccountId == account.AccountId && known.ReservationId == reservationId)) return true;

        var service = services.Single(offer => offer.Name == serviceName);
        var month = new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);
        var quota = await context.FreeQuotas.SingleAsync(quota => quota.AccountId == account.AccountId && quota.ServiceId == service.ServiceId && quota.Month == month);
        var freeUnits = Math.Min(quantity, quota.Granted - quota.Used - quota.Held);
        var unit = service.PriceAt(now)!.Price.Cost(1);
        var amount = new Money(unit.Nanos * (quantity - freeUnits));
        if (amount.Nanos > account.BalanceNanos - account.HeldNanos + account.OverdraftLimitNanos) return false;

        quota.Held += freeUnits;
        account.HeldNanos += amount.Nanos;
        account.Version++;
        var grantUntil = (now + grantFor).UtcDateTime;
        context.Reservations.Add(new PlainReservation
        {
            AccountId = account.AccountId,
            ReservationId = reservationId,
            ServiceId = service.ServiceId,
            Month = month,
            Quantity = quantity,
            FreeUnits = freeUnits,
            FreeUnitsHeld = freeUnits,
            AmountNanos = amount.Nanos,
            AmountHeldNanos = amount.Nanos,
            UnitHoldNanos = unit.Nanos,
            GrantedAt = now.UtcDateTime,
            GrantUntil = grantUntil,
            SettleBy = grantUntil.AddMinutes(10),
        });
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return true;
    }
}
