using Billing.TestSupport;

namespace Billing.Tests.Http;

public sealed class ReservationSweepTests
{
    [Fact]
    public async Task A_lease_whose_holder_never_came_back_is_given_back_by_itself()
    {
        await using var service = await RunningService.Start("--Reservations:SettleGrace=00:00:00.1", "--Reservations:SweepEvery=00:00:00.2");
        await service.Adjust("gone", "1");
        var id = Guid.CreateVersion7(service.Now);
        await service.Post("/v1/accounts/gone/reservations", new { reservationId = id, service = "image", quantity = 15, grantSeconds = 1 });
        Assert.Equal("0.40", await Held());

        await Eventually.That(Held, held => held == "0.00", "the sweep gives the hold back");

        var (_, late) = await service.Post("/v1/usage", service.Usage("image", 2, "gone") with { ReservationId = id });
        Assert.Equal((1, 2), ((int)late!["charged"]!, (long)late["items"]![0]!["freeUnits"]!));

        async Task<string> Held() => (string)(await service.Get("/v1/accounts/gone")).Body!["held"]!;
    }
}
