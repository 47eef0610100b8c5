namespace Billing.ReliableMessaging.Engines;

/// <summary>A column and what of a message goes into it.</summary>
sealed record InsertColumn(string Property, Func<OutboxMessage, object?> Value)
{
    public Type Type { get; } = typeof(OutboxMessage).GetProperty(Property)!.PropertyType is var type && type == typeof(Uri) ? typeof(string) : Nullable.GetUnderlyingType(type) ?? type;
}
