using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Billing.Tests.WireFormat;

/// <summary>
/// The contracts are wire format: this list is what other programs rely on. Adding a line is fine; changing or losing one breaks
/// them and needs a decision. The list is in wire-names.txt beside this file.
/// </summary>
public sealed class WireNameTests
{
    [Fact]
    public void Every_message_has_the_names_and_types_that_the_list_promises()
    {
        var promised = File.ReadAllLines(ListPath()).Where(line => line.Length > 0 && !line.StartsWith('#')).ToArray();
        var sent = Messages().SelectMany(Lines).ToArray();

        var broken = promised.Except(sent).Select(line => $"- {line}   (promised, not sent)");
        var unlisted = sent.Except(promised).Select(line => $"+ {line}   (sent, not in wire-names.txt)");
        var differences = string.Join('\n', broken.Concat(unlisted));
        Assert.True(differences.Length == 0, $"The wire format differs from wire-names.txt:\n{differences}");
        Assert.Equal(promised.Length, promised.Distinct().Count());
    }

    [Fact]
    public void Contracts_are_sealed_records_in_one_flat_namespace()
    {
        Assert.All(Messages(), type => Assert.True(type.IsSealed && type.GetMethod("<Clone>$") is not null, $"{type} is no sealed record"));
        Assert.All(typeof(ErrorCodes).Assembly.GetExportedTypes(), type => Assert.Equal("Billing.Contracts", type.Namespace));
    }

    static IEnumerable<Type> Messages() => typeof(ErrorCodes).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false, IsNested: false } && !typeof(System.Text.Json.Serialization.JsonConverter).IsAssignableFrom(type))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>The message's name on the wire, and each member with the kind of JSON that it really becomes.</summary>
    static IEnumerable<string> Lines(Type message)
    {
        var name = $"{message.Namespace}:{message.Name}";
        yield return name;
        var json = JsonSerializer.SerializeToElement(Sample(message), message, JsonSerializerOptions.Web);
        foreach (var member in json.EnumerateObject())
        {
            var property = message.GetProperties().Single(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) == member.Name);
            var optional = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "?" : "";
            yield return $"{name} {member.Name}{optional}: {Kind(member.Value, property.PropertyType)}";
        }
    }

    static string Kind(JsonElement value, Type type) => (value.ValueKind, Nullable.GetUnderlyingType(type) ?? type) switch
    {
        (JsonValueKind.String, var it) when it == typeof(Guid) && value.TryGetGuid(out _) => "string uuid",
        (JsonValueKind.String, var it) when it == typeof(DateTimeOffset) && value.TryGetDateTimeOffset(out _) => "string date-time",
        (JsonValueKind.String, var it) when it == typeof(Money) && decimal.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _) => "string decimal",
        (JsonValueKind.String, var it) when it == typeof(string) => "string",
        (JsonValueKind.Number, _) when value.TryGetInt64(out _) => "integer",
        (JsonValueKind.True or JsonValueKind.False, _) => "boolean",
        (JsonValueKind.Array, var it) => $"array of {it.GetGenericArguments()[0].Name}",
        var (kind, it) => $"{kind} ({it.Name})",
    };

    /// <summary>A message with something in every member.</summary>
    static object Sample(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "text";
        if (type == typeof(long)) return 7L;
        if (type == typeof(int)) return 7;
        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return Guid.Parse("019ee4af-ff80-7000-8000-000000000001");
        if (type == typeof(Money)) return Money.Parse("12.34");
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(Sample(type.GetGenericArguments()[0]), 0);
            return list;
        }

        var sample = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties()) property.SetValue(sample, Sample(property.PropertyType));
        return sample;
    }

    static string ListPath([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "wire-names.txt");
}
