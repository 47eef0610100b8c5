using Billing.Client;
using Billing.TestSupport;
using static Billing.Tests.Client.Reporting.ReporterUnderTest;

namespace Billing.Tests.Client.Reporting;

public sealed class ReportingTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(UsageDurability.Buffer), InlineData(UsageDurability.Journal)]
    public async Task What_is_reported_arrives_in_its_order_with_all_it_says(UsageDurability durability)
    {
        await using var running = await ReporterUnderTest.Start(_folder, configure: options => options.Durability = durability);
        var usage = new UsageReport
        {
            UsageId = Guid.Parse("0195dbd2-0000-7000-8000-000000000001"), UserId = "ann@a/b?c=d&e%f+g", Service = "llm", Quantity = 12, Cost = Money.Parse("0.000000001"), Currency = "USD",
            OccurredAt = new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(12_345_678), ReservationId = Guid.Parse("0195dbd2-0000-7000-8000-000000000002"),
        };

        Assert.True(running.Reporter.TryReport(usage));
        for (var i = 0; i < 1_200; i++) Assert.True(running.Report($"user-{i}"));
        await running.Sent(1_201);

        var first = running.Door.Usages[0];
        Assert.Equal((usage.UsageId, usage.UserId, usage.Service, usage.Quantity, usage.Cost, usage.Currency, usage.ReservationId),
            (first.UsageId, first.UserId, first.Service, first.Quantity, first.Cost, first.Currency, first.ReservationId));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero).AddTicks(2_345_670), first.OccurredAt);
        Assert.Equal(Enumerable.Range(0, 1_200).Select(i => $"user-{i}").Order(), running.Door.Usages.Skip(1).Select(sent => sent.UserId).Order());
        Assert.Equal(running.Door.Usages.Select(sent => sent.UsageId).Order(), running.ConfirmedIds.Order());
        Assert.Equal(1_201, running.ConfirmedIds.Distinct().Count());
        Assert.All(running.Door.Arrived, message => Assert.InRange(message.Items.Length, 1, 500));
        Assert.All(running.Door.Usages, sent => Assert.Equal(7, sent.UsageId.Version));
    }

    [Fact]
    public async Task Usages_share_a_message_until_it_is_full_or_the_first_has_waited()
    {
        var time = new ManualTime(Start);
        await using var running = await ReporterUnderTest.Start(_folder, time: time, configure: options => (options.BatchItemsMax, options.FlushInterval) = (3, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(0, time.TimersSet);

        for (var i = 0; i < 4; i++) running.Report($"u{i}");
        await running.Sent(3);
        Assert.Equal("u0 u1 u2", running.Door.Users);

        await Eventually.That(() => Task.FromResult(time.TimersSet), timers => timers == 1, "the fourth waits for company");
        time.Pass(TimeSpan.FromMilliseconds(49));
        Assert.Single(running.Door.Arrived);
        time.Pass(TimeSpan.FromMilliseconds(1));
        await running.Sent(4);
        Assert.Equal(0, time.TimersSet);
    }

    [Fact]
    public async Task The_time_of_a_usage_is_the_services_and_goes_on_with_the_monotonic_clock()
    {
        var time = new ManualTime(Start);
        await using var running = await ReporterUnderTest.Start(_folder, time: time, configure: options => options.BatchItemsMax = 1);
        running.Clock.Learn(Start.AddHours(-7), time.GetTimestamp());
        time.Pass(TimeSpan.FromSeconds(90));

        running.Report("ann");
        await running.Sent(1);

        var sent = Assert.Single(running.Door.Usages);
        Assert.Equal(Start.AddHours(-7).AddSeconds(90), sent.OccurredAt);
        Assert.Equal(sent.OccurredAt.ToUnixTimeMilliseconds(), Convert.ToInt64(sent.UsageId.ToString("N")[..12], 16));
    }

    [Fact]
    public async Task While_the_door_is_closed_usage_waits_and_then_goes_in_its_order_and_the_log_says_so_twice()
    {
        await using var running = await ReporterUnderTest.Start(_folder, configure: options => (options.BatchItemsMax, options.InFlightMax) = (10, 1));
        running.Door.IsAway = true;
        for (var i = 0; i < 100; i++) Assert.True(running.Report($"u{i}"));
        await running.Reporter.FlushAsync(CancellationToken.None);
        await Eventually.That(() => Task.FromResult(running.Door.Attempts.Count), attempts => attempts >= 2, "it is tried again");
        Assert.True(running.Metrics.SpooledBytes() > 100 * 100);
        Assert.True(running.Metrics.OldestAge() > TimeSpan.Zero);

        running.Door.IsAway = false;
        await running.Sent(100);

        Assert.Equal(string.Join(' ', Enumerable.Range(0, 100).Select(i => $"u{i}")), running.Door.Users);
        Assert.Single(running.Door.Attempts.TakeWhile(id => id == running.Door.Attempts[0]).Distinct());
        Assert.Equal(running.Door.Attempts[0], running.Door.Arrived[0].MessageId);
        Assert.Equal(2, running.Log.Lines.Count);
    }

    [Fact]
    public async Task A_full_buffer_refuses_and_a_patient_caller_waits_for_a_place()
    {
        await using var running = await ReporterUnderTest.Start(_folder, configure: options => (options.BatchItemsMax, options.BufferMax) = (100, 100));
        // Neither the disk nor the service takes anything: the name of the next file is taken by a folder.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "0000000000000001.usages"));
        running.Door.IsAway = true;

        var taken = 0;
        while (running.Report($"u{taken}")) taken++;
        Assert.InRange(taken, 100, 300);
        await Eventually.That(() => Task.FromResult(running.Report("more")), more => !more, "the buffer is full");
        var patient = Enumerable.Range(0, 300).Select(i => running.Reporter.ReportAsync(Of($"p{i}"), CancellationToken.None).AsTask()).ToList();
        Assert.Contains(patient, report => !report.IsCompleted);

        running.Door.IsAway = false;
        await Task.WhenAll(patient);
        await running.Sent((int)running.Metrics.Reported);
        Assert.Equal(running.Metrics.Reported, running.Door.Usages.Select(usage => usage.UsageId).Distinct().Count());
    }

    [Theory]
    [InlineData("", "search", 1, null, ErrorCodes.InvalidUserId)]
    [InlineData("an n", "search", 1, null, ErrorCodes.InvalidUserId)]
    [InlineData("ann", "sea\"rch", 1, null, ErrorCodes.InvalidService)]
    [InlineData("ann", "search", 0, null, ErrorCodes.InvalidQuantity)]
    [InlineData("ann", "search", 1_000_000_001, null, ErrorCodes.InvalidQuantity)]
    [InlineData("ann", "search", 1, "-0.01", ErrorCodes.InvalidCost)]
    public async Task What_could_never_be_charged_is_refused_to_its_callers_face(string user, string service, long quantity, string? cost, string code)
    {
        await using var running = await ReporterUnderTest.Start(_folder);
        var usage = new UsageReport { UserId = user, Service = service, Quantity = quantity, Cost = cost is null ? null : Money.Parse(cost) };

        Assert.Equal(code, Assert.Throws<InvalidUsageException>(() => running.Reporter.TryReport(usage)).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<InvalidUsageException>(async () => await running.Reporter.ReportAsync(usage, CancellationToken.None))).Code);
        Assert.Equal((0, 0), (running.Metrics.Reported, running.Metrics.Refused));
    }

    [Fact]
    public void An_id_of_zeros_and_a_currency_in_words_are_refused_too()
    {
        Assert.Equal(ErrorCodes.InvalidUsageId, Assert.Throws<InvalidUsageException>(() => Check(Of("ann") with { UsageId = Guid.Empty })).Code);
        Assert.Equal(ErrorCodes.InvalidReservationId, Assert.Throws<InvalidUsageException>(() => Check(Of("ann") with { ReservationId = Guid.Empty })).Code);
        Assert.Equal(ErrorCodes.CurrencyMismatch, Assert.Throws<InvalidUsageException>(() => Check(Of("ann") with { Currency = "euro" })).Code);

        static void Check(UsageReport usage) => Billing.Client.Reporting.UsageRules.Check(usage);
    }

    [Fact]
    public async Task What_the_service_rejects_is_confirmed_logged_and_never_sent_again()
    {
        await using var running = await ReporterUnderTest.Start(_folder);
        running.Door.Rejects.Add(new("0195dbd2-0000-7000-8000-000000000001", ErrorCodes.UnknownService, "No service of this name."));
        running.Report("ann");
        await running.Sent(1);
        await running.Stop();

        Assert.Single(running.Door.Attempts);
        Assert.Contains(running.Log.Lines, line => line.Contains("unknown_service"));
        Assert.Empty(_folder.Segments);
    }
}
