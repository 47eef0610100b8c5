using System.Text.Json;
using Billing.Service.Intake;

namespace Billing.Tests.Intake;

/// <summary>A sender that spells the fields its own way has confirmed usage all the same: what it sent must stay whole.</summary>
public sealed class WrongNameTests
{
    [Fact]
    public void Usages_with_misspelt_fields_are_kept_one_by_one_with_all_they_said()
    {
        var first = Rejected("""{"usage_id":"a","user_id":"ann","units":3}""");
        var second = Rejected("""{"usage_id":"b","user_id":"bob","units":4}""");

        Assert.NotEqual(first.ContentHash, second.ContentHash);
        Assert.Contains("\"user_id\":\"ann\"", first.Payload);
        Assert.Contains("\"units\":4", second.Payload);
    }

    [Fact]
    public void Very_long_input_is_told_apart_by_all_of_it_and_kept_in_part()
    {
        var filler = new string('x', 100_000);
        var first = Rejected($$"""{"note":"{{filler}}1"}""");
        var second = Rejected($$"""{"note":"{{filler}}2"}""");

        Assert.NotEqual(first.ContentHash, second.ContentHash);
        Assert.True(first.Payload.Length < filler.Length);
    }

    static RejectedUsage Rejected(string json) =>
        Assert.IsType<RecordRejection>(UsageShape.ToOperation(JsonSerializer.Deserialize<UsageFields>(json)!, "USD")).Rejected;
}
