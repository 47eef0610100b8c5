using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace Billing.Service.Intake;

// What the doors receive. On the wire these are the contracts of the same name; here every field may be missing or wrong.

/// <summary>A <see cref="UsageOccurred"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:UsageOccurred")]
[EntityName("Billing.Contracts:UsageOccurred")]
[JsonConverter(typeof(IncomingConverter<IncomingUsage>))]
public sealed record IncomingUsage(UsageFields Fields) : IIncoming<IncomingUsage>
{
    public static IncomingUsage Of(UsageFields fields) => new(fields);
}

/// <summary>A <see cref="DeductQuota"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:DeductQuota")]
[EntityName("Billing.Contracts:DeductQuota")]
[JsonConverter(typeof(IncomingConverter<IncomingDeduction>))]
public sealed record IncomingDeduction(UsageFields Fields) : IIncoming<IncomingDeduction>
{
    public static IncomingDeduction Of(UsageFields fields) => new(fields);
}

/// <summary>A <see cref="UsageBatch"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:UsageBatch")]
[EntityName("Billing.Contracts:UsageBatch")]
public sealed record IncomingUsageBatch
{
    public IReadOnlyList<UsageFields>? Items { get; set; }

    /// <summary>The items, once: while their commit is waited for, what was read has no use and takes most of the memory.</summary>
    public IReadOnlyList<UsageFields>? TakeItems()
    {
        var items = Items;
        Items = null;
        return items;
    }
}

/// <summary>A <see cref="CheckQuotas"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:CheckQuotas")]
[EntityName("Billing.Contracts:CheckQuotas")]
public sealed record IncomingQuotaChecks
{
    public IReadOnlyList<UsageFields?>? Items { get; init; }
}

/// <summary>A <see cref="GetAccounts"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:GetAccounts")]
[EntityName("Billing.Contracts:GetAccounts")]
public sealed record IncomingAccountsQuery
{
    public IReadOnlyList<JsonElement>? UserIds { get; init; }

    /// <summary>The user ids in their order; null stands for what is no text.</summary>
    public IReadOnlyList<string?>? ReadUserIds() => UserIds?.Select(Text).ToList();

    static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}

interface IIncoming<TSelf>
{
    static abstract TSelf Of(UsageFields fields);
}

/// <summary>The message is the fields, with no object around them.</summary>
sealed class IncomingConverter<T> : JsonConverter<T> where T : class, IIncoming<T>
{
    static readonly UsageFieldsJsonConverter Fields = new();

    public override T Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        T.Of(Fields.Read(ref reader, typeof(UsageFields), options));

    public override void Write(System.Text.Json.Utf8JsonWriter writer, T value, System.Text.Json.JsonSerializerOptions options) =>
        throw new NotSupportedException("What comes in is never sent on.");
}
