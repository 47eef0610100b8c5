using Billing.Sagas;
using Billing.Service.Ledger.Migrations;

namespace Billing.Service.Hosting;

/// <summary>The schemas that share the one database: the ledger's and the recharges'.</summary>
public static class Schemas
{
    public static IReadOnlyList<MigrationFiles> All { get; } =
    [
        new(typeof(Migrator).Assembly, "Billing.Service.Ledger.Migrations"),
        new(typeof(RechargeOptions).Assembly, "Billing.Sagas.Migrations"),
    ];
}
