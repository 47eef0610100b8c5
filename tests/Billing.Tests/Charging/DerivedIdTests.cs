namespace Billing.Tests.Charging;

public sealed class DerivedIdTests
{
    [Fact]
    public void An_id_is_the_first_128_bits_of_SHA_256_as_a_version_8_UUID()
    {
        // printf '\0\0\0\6refund\0\0\0\1a\0\0\0\2bc' | sha256sum
        var id = DerivedId.Of("refund", "a", "bc");

        Assert.Equal(Guid.Parse("128d1abb-4f03-81b9-8a77-a553905dd185"), id);
        Assert.Equal((8, 0x8), (id.Version, id.Variant & 0xC));
    }

    [Fact]
    public void Other_parts_and_parts_cut_otherwise_give_other_ids()
    {
        Guid[] ids = [DerivedId.Of("refund", "a", "bc"), DerivedId.Of("refund", "ab", "c"), DerivedId.Of("refund", "abc"), DerivedId.Of("refunda", "bc"), DerivedId.Of("refund", "a", "bc", "")];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Neither_a_refund_of_another_recharge_nor_another_of_this_one_has_the_same_id()
    {
        var (recharge, other) = (Shop.NewId(), Shop.NewId());
        TakeBackCredit Refund(Guid of, string id, string amount = "1") => new(of, id, "ann", Money.Parse(amount));

        Assert.Equal(Refund(recharge, "re-1").OperationId, Refund(recharge, "re-1", "2").OperationId);
        Assert.NotEqual(Refund(recharge, "re-1").OperationId, Refund(recharge, "re-2").OperationId);
        Assert.NotEqual(Refund(recharge, "re-1").OperationId, Refund(other, "re-1").OperationId);
        Assert.Equal(Refund(recharge, "re-2").OperationId, (Refund(recharge, "re-1") with { RefundId = "re-2" }).OperationId);
    }
}
