using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Billing.Benchmarks.Plain;

/// <summary>The service's tables as entities, columns by their names.</summary>
sealed class PlainContext(DbContextOptions<PlainContext> options) : DbContext(options)
{
    public DbSet<PlainAccount> Accounts => Set<PlainAccount>();
    public DbSet<PlainFreeQuota> FreeQuotas => Set<PlainFreeQuota>();
    public DbSet<PlainRecord> Records => Set<PlainRecord>();
    public DbSet<PlainReservation> Reservations => Set<PlainReservation>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<PlainAccount>().ToTable("account").HasKey(account => account.AccountId);
        model.Entity<PlainFreeQuota>().ToTable("free_quota").HasKey(quota => new { quota.AccountId, quota.ServiceId, quota.Month });
        model.Entity<PlainRecord>().ToTable("usage_record").HasKey(record => new { record.UsageId, record.Day });
        model.Entity<PlainReservation>().ToTable("reservation").HasKey(reservation => new { reservation.AccountId, reservation.ReservationId });
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())) property.SetColumnName(SnakeCase(property.Name));
    }

    static string SnakeCase(string name)
    {
        var column = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && column.Length > 0) column.Append('_');
            column.Append(char.ToLowerInvariant(letter));
        }
        return column.ToString();
    }
}

sealed class PlainAccount
{
    public long AccountId { get; set; }
    public required string UserId { get; set; }
    public long BalanceNanos { get; set; }
    public long HeldNanos { get; set; }
    public long OverdraftLimitNanos { get; set; }
    public long LastEntryNumber { get; set; }
    public long Version { get; set; }
}

sealed class PlainFreeQuota
{
    public long AccountId { get; set; }
    public int ServiceId { get; set; }
    public DateOnly Month { get; set; }
    public long Granted { get; set; }
    public long Used { get; set; }
    public long Held { get; set; }
}

sealed class PlainReservation
{
    public long AccountId { get; set; }
    public Guid ReservationId { get; set; }
    public int ServiceId { get; set; }
    public DateOnly Month { get; set; }
    public long ContentHash { get; set; }
    public int Step { get; set; }
    public long StepHash { get; set; }
    public long Quantity { get; set; }
    public long FreeUnits { get; set; }
    public long AmountNanos { get; set; }
    public long FreeUnitsHeld { get; set; }
    public long AmountHeldNanos { get; set; }
    public long SettledQuantity { get; set; }
    public long SettledFreeUnits { get; set; }
    public long SettledNanos { get; set; }
    public long UnitHoldNanos { get; set; }
    public long LateQuantity { get; set; }
    public long FundsEntryNumber { get; set; }
    public long FundsAvailableNanos { get; set; }
    public DateTime GrantedAt { get; set; }
    public DateTime GrantUntil { get; set; }
    public DateTime SettleBy { get; set; }
}
