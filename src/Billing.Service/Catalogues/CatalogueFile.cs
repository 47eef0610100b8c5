using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Service.Charging;

namespace Billing.Service.Catalogues;

/// <summary>The catalogue of the first start, as JSON. After that the database has it, and the file is not read again.</summary>
public sealed record CatalogueFile
{
    public required IReadOnlyList<Entry> Services { get; init; }

    public sealed record Entry
    {
        public required string Service { get; init; }
        public required PricedBy PricedBy { get; init; }

        /// <summary>For a service priced by the catalogue.</summary>
        public Price? Price { get; init; }

        /// <summary>Free units per user and calendar month.</summary>
        public long FreeUnits { get; init; }
    }

    public sealed record Price
    {
        public required Money Amount { get; init; }
        public long PerUnits { get; init; } = 1;
    }

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>Throws <see cref="InvalidOperationException"/> with the file, the service and what would be right.</summary>
    public static CatalogueFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<CatalogueFile>(File.ReadAllText(path), Json) ?? throw new JsonException("The file is empty.");
            foreach (var entry in file.Services) Check(entry);
            if (file.Services.GroupBy(entry => entry.Service).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new JsonException($"Service '{twice.Key}' stands there twice.");
            return file;
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"Catalogue file {path}: {exception.Message}", exception);
        }
    }

    static void Check(Entry entry)
    {
        if (!Name.IsValid(entry.Service)) throw new JsonException($"Service '{entry.Service}': a name is {Name.Rule}.");
        if (entry.FreeUnits < 0) throw new JsonException($"Service '{entry.Service}': freeUnits is zero or more.");
        if (entry.PricedBy == PricedBy.Gateway && entry.Price is not null) throw new JsonException($"Service '{entry.Service}' is priced by the gateway: it has no price here.");
        if (entry.PricedBy == PricedBy.Catalogue && entry.Price is not { Amount.Nanos: >= 0, PerUnits: > 0 })
            throw new JsonException($"Service '{entry.Service}': price is an amount of zero or more, per one or more units.");
    }
}
