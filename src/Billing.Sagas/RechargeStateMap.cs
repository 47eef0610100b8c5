using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Billing.Sagas;

/// <summary>A recharge as a row.</summary>
sealed class RechargeStateMap : IEntityTypeConfiguration<RechargeState>
{
    public void Configure(EntityTypeBuilder<RechargeState> recharge)
    {
        recharge.ToTable("recharge").HasKey(x => x.CorrelationId);
        recharge.Property(x => x.CorrelationId).ValueGeneratedNever();
        recharge.Property(x => x.Waiting).HasConversion(
            waiting => JsonSerializer.Serialize(waiting, JsonSerializerOptions.Web),
            text => JsonSerializer.Deserialize<List<Requester>>(text, JsonSerializerOptions.Web)!,
            new ValueComparer<List<Requester>>((one, other) => one!.SequenceEqual(other!), waiting => waiting.Count, waiting => waiting.ToList()));
    }
}
