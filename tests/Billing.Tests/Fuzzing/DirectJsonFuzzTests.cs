using System.Text;
using System.Text.Json;
using Billing.Service.Intake;
using Billing.TestSupport.Fuzzing;
using MassTransit.Serialization;

namespace Billing.Tests.Fuzzing;

/// <summary>Usage messages are read in one pass. Mutilated or not, they say what MassTransit's own way, by a document, would have read; or it is left to that.</summary>
public sealed class DirectJsonFuzzTests
{
    const string Usage = """{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"cost":"0.25","occurredAt":"2026-06-20T12:00:00Z"}""";

    static readonly int Count = Fuzz.Count / 10;

    [Fact]
    public void A_usage_is_read_as_by_a_document() => Compare<IncomingUsage>(Usage, (left, right) => left == right);

    [Fact]
    public void A_batch_is_read_as_by_a_document() => Compare<IncomingUsageBatch>($$"""{"items":[{{Usage}},null,{{Usage}}],"more":[1,{}]}""",
        (left, right) => (left.Items is null) == (right.Items is null) && (left.Items ?? []).SequenceEqual(right.Items ?? []));

    static void Compare<TMessage>(string document, Func<TMessage, TMessage, bool> same) where TMessage : class
    {
        var random = new Random(Fuzz.Seed);
        int left = 0, read = 0;
        for (var i = 0; i < Count; i++)
        {
            var bytes = Mutation.Of(Encoding.UTF8.GetBytes(document), random);
            if (DirectJson<TMessage>.Read(bytes) is not { } message)
            {
                left++;
                continue;
            }
            read++;
            var byDocument = JsonSerializer.Deserialize<JsonElement>(bytes, SystemTextJsonMessageSerializer.Options).Deserialize<TMessage>(SystemTextJsonMessageSerializer.Options)!;
            Assert.True(same(message, byDocument), $"Document {i}, {Fuzz.Again}: {Encoding.Latin1.GetString(bytes)}");
        }
        Assert.True(read > Count / 20 && left > Count / 50, $"of {Count}: read {read}, left to the document {left}; {Fuzz.Again}");
    }
}
