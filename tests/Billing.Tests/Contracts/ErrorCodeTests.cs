using System.Reflection;
using System.Text.RegularExpressions;
using Billing.Service.Http;

namespace Billing.Tests.WireFormat;

public sealed partial class ErrorCodeTests
{
    static readonly string[] Codes = [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void No_two_codes_are_the_same_and_all_are_written_in_snake_case()
    {
        Assert.NotEmpty(Codes);
        Assert.Equal(Codes.Length, Codes.Distinct().Count());
        Assert.All(Codes, code => Assert.Matches(SnakeCase(), code));
    }

    [Fact]
    public void The_constants_name_says_the_code()
    {
        foreach (var field in typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
            Assert.Equal(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name), field.GetRawConstantValue());
    }

    [Fact]
    public void HTTP_says_for_every_code_a_status_a_title_and_what_would_be_right_and_for_no_other()
    {
        Assert.Equal(Codes.Order(), ErrorTable.Rows.Keys.Order());
        Assert.All(ErrorTable.Rows.Values, row => Assert.True(row.Status is >= 400 and < 600 && row.Title.Length > 0 && row.Fix.EndsWith('.') | row.Fix.Contains("+ -"), row.ToString()));
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    internal static partial Regex SnakeCase();
}
