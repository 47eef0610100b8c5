using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Billing.ReliableMessaging.Engines;

/// <summary>A table and its columns as the model of a context names them, quoted.</summary>
sealed class TableNames
{
    readonly IEntityType _type;
    readonly StoreObjectIdentifier _table;
    readonly ISqlGenerationHelper _quote;

    TableNames(IEntityType type, ISqlGenerationHelper quote)
    {
        (_type, _quote) = (type, quote);
        _table = StoreObjectIdentifier.Table(type.GetTableName()!, type.GetSchema());
        Table = quote.DelimitIdentifier(_table.Name, _table.Schema);
    }

    public string Table { get; }

    public string this[string property] => _quote.DelimitIdentifier(_type.FindProperty(property)!.GetColumnName(_table)!);

    public bool HasColumn(string name) => _type.GetProperties().Any(property => property.GetColumnName(_table) == name);

    public static TableNames Of<TEntity>(DbContext db) => new(
        db.Model.FindEntityType(typeof(TEntity)) ?? throw new ConfigurationException($"{typeof(TEntity).Name} is not part of the model of {db.GetType().Name}."),
        db.GetService<ISqlGenerationHelper>());
}
