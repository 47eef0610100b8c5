using System.Numerics;
using System.Text.Json;

namespace Billing.Tests.WireFormat;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", 0, "0.00")]
    [InlineData("12", 12_000_000_000, "12.00")]
    [InlineData("12.3", 12_300_000_000, "12.30")]
    [InlineData("-12.345", -12_345_000_000, "-12.345")]
    [InlineData("0.000000001", 1, "0.000000001")]
    [InlineData("-0.000000001", -1, "-0.000000001")]
    [InlineData("007.10", 7_100_000_000, "7.10")]
    [InlineData("-0", 0, "0.00")]
    [InlineData("9223372036.854775807", long.MaxValue, "9223372036.854775807")]
    [InlineData("-9223372036.854775808", long.MinValue, "-9223372036.854775808")]
    public void An_amount_reads_and_writes_exactly(string text, long nanos, string written)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal((nanos, written), (money.Nanos, money.ToString()));
        Assert.Equal(money, Money.Parse(written));
        Assert.Equal(money, Money.FromDecimal(money.ToDecimal()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("0.0000000001")]
    [InlineData("1.0000000000")]
    [InlineData("9223372036.854775808")]
    [InlineData("-9223372036.854775809")]
    [InlineData("99999999999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData("\u0661\u0662")] // digits of another script
    [InlineData("$5")]
    public void What_is_no_plain_decimal_of_at_most_nine_places_is_refused(string? text)
    {
        Assert.False(Money.TryParse(text, out var money));
        Assert.Equal(Money.Zero, money);
    }

    [Fact]
    public void Every_number_of_nanos_survives_the_wire()
    {
        var random = new Random(20_261_122);
        for (var i = 0; i < 20_000; i++)
        {
            var money = new Money(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(63));
            var json = JsonSerializer.Serialize(money);
            Assert.StartsWith("\"", json);
            Assert.Equal(money, JsonSerializer.Deserialize<Money>(json));
        }
    }

    [Theory]
    [InlineData("12.34")]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("\"12.3456789012\"")]
    [InlineData("\"twelve\"")]
    public void JSON_that_is_not_a_decimal_string_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Money>(json));
    }

    [Fact]
    public void Arithmetic_past_the_limit_throws_and_never_wraps()
    {
        var (most, least, nano) = (new Money(long.MaxValue), new Money(long.MinValue), new Money(1));

        Assert.Throws<OverflowException>(() => most + nano);
        Assert.Throws<OverflowException>(() => least - nano);
        Assert.Throws<OverflowException>(() => -least);
        Assert.Throws<OverflowException>(() => Money.FromDecimal(9_223_372_036.854775808m));
        Assert.Throws<FormatException>(() => Money.FromDecimal(0.0000000001m));
    }

    [Fact]
    public void Amounts_are_ordered_as_numbers_are()
    {
        Money[] rising = [new(long.MinValue), new(-1), Money.Zero, new(1), new(long.MaxValue)];

        Assert.Equal(rising, rising.Reverse().Order());
        for (var i = 1; i < rising.Length; i++)
            Assert.True(rising[i - 1] < rising[i] && rising[i - 1] <= rising[i] && rising[i] > rising[i - 1] && rising[i] >= rising[i - 1]);
        Assert.Equal((BigInteger)long.MaxValue - 1, (rising[^1] - new Money(1)).Nanos);
    }
}
