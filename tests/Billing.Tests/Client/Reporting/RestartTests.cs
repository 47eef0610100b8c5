using Billing.Client;
using Billing.TestSupport;
using static Billing.Tests.Client.Reporting.ReporterUnderTest;

namespace Billing.Tests.Client.Reporting;

/// <summary>What a gateway could not send, the same gateway sends after its next start.</summary>
public sealed class RestartTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeDoor _closed = new() { IsAway = true };

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(UsageDurability.Buffer), InlineData(UsageDurability.Journal)]
    public async Task A_stop_with_the_door_closed_keeps_everything_for_the_next_start(UsageDurability durability)
    {
        await Leave(durability, 1_500);

        await using var next = await ReporterUnderTest.Start(_folder);
        Assert.True(next.Report("later"));
        await next.Sent(1_501);
        await next.Stop();

        Assert.Equal(Enumerable.Range(0, 1_500).Select(i => $"u{i}").Append("later").Order(), next.Door.Usages.Select(usage => usage.UserId).Order());
        Assert.Empty(_folder.Segments);
    }

    [Fact]
    public async Task After_a_restart_the_ids_and_times_are_the_same()
    {
        await using (var first = await ReporterUnderTest.Start(_folder, configure: Journal))
        {
            first.Door.Hold();
            first.Report("ann");
            await Eventually.That(() => Task.FromResult(first.Door.Usages.Count), count => count == 1, "it was sent, and not confirmed");
            await first.Stop(new CancellationToken(canceled: true));
            Assert.Empty(first.ConfirmedIds);

            await using var second = await ReporterUnderTest.Start(_folder);
            await second.Sent(1);
            Assert.Equal(first.Door.Usages, second.Door.Usages);
        }
    }

    [Fact]
    public async Task A_torn_end_costs_nothing_that_was_taken()
    {
        await Leave(UsageDurability.Journal, 100);
        var file = Assert.Single(_folder.Segments);
        var bytes = await File.ReadAllBytesAsync(file);
        // The last record loses its end, as if the process had died amid the write.
        await File.WriteAllBytesAsync(file, bytes[..^7]);

        await using var next = await ReporterUnderTest.Start(_folder);
        await next.Sent(99);
        await next.Stop();

        Assert.Equal(99, next.Door.Usages.Count);
        Assert.Empty(_folder.Segments);
        Assert.Empty(_folder.Damaged);
    }

    [Fact]
    public async Task Zeros_at_the_end_are_a_torn_end()
    {
        await Leave(UsageDurability.Journal, 10);
        await File.AppendAllBytesAsync(Assert.Single(_folder.Segments), new byte[4_096]);

        await using var next = await ReporterUnderTest.Start(_folder);
        await next.Sent(10);
        await next.Stop();

        Assert.Equal(10, next.Door.Usages.Count);
        Assert.Empty(_folder.Segments);
    }

    [Theory, InlineData(0), InlineData(4), InlineData(8), InlineData(30)]
    public async Task Damage_costs_one_record_and_the_file_is_kept_for_a_person(int byteOfTheRecord)
    {
        await Leave(UsageDurability.Journal, 100);
        var file = Assert.Single(_folder.Segments);
        var bytes = await File.ReadAllBytesAsync(file);
        var start = 0;
        for (var record = 0; record < 50; record++) start += 20 + BitConverter.ToInt32(bytes, start);
        bytes[start + byteOfTheRecord] ^= 0x55;
        await File.WriteAllBytesAsync(file, bytes);

        await using var next = await ReporterUnderTest.Start(_folder);
        await next.Sent(99);
        await next.Stop();

        Assert.Equal(Enumerable.Range(0, 100).Where(i => i != 50).Select(i => $"u{i}"), next.Door.Usages.Select(usage => usage.UserId));
        Assert.Single(_folder.Damaged);
        Assert.Contains(next.Log.Lines, line => line.StartsWith("Error") && line.Contains("damaged"));
    }

    [Fact]
    public async Task A_full_disk_refuses_and_what_was_taken_before_is_sent()
    {
        var taken = 0;
        await using (var full = await ReporterUnderTest.Start(_folder, _closed, configure: options => (options.Durability, options.SpoolBytesMax) = (UsageDurability.Journal, 1 << 20)))
        {
            while (full.Report($"u{taken}")) taken++;
            Assert.False(full.Report("more"));
            Assert.Equal((taken, 2), (full.Metrics.Reported, full.Metrics.Refused));
            Assert.InRange(_folder.Segments.Sum(file => new FileInfo(file).Length), 1 << 19, 1 << 20);

            _closed.IsAway = false;
            await full.Sent(taken);
            Assert.True(full.Report("again"));
            await full.Sent(taken + 1);
        }
        Assert.InRange(taken, 3_000, 8_000);
        Assert.Equal(taken + 1, _closed.Usages.Select(usage => usage.UsageId).Distinct().Count());
    }

    [Fact]
    public async Task Files_are_deleted_as_they_are_confirmed()
    {
        await using var running = await ReporterUnderTest.Start(_folder, configure: options => (options.Durability, options.SpoolBytesMax) = (UsageDurability.Journal, 4 << 20));
        for (var i = 0; i < 30_000; i++)
        {
            if (!running.Report($"u{i}")) await running.Reporter.ReportAsync(Of($"u{i}"), CancellationToken.None);
        }
        await running.Sent(30_000);

        Assert.InRange(running.Metrics.SpooledBytes(), 0, 2 << 20);
        await running.Stop();
        Assert.Empty(_folder.Segments);
    }

    [Fact]
    public async Task Where_the_disk_takes_nothing_usage_goes_straight_from_memory()
    {
        await using var running = await ReporterUnderTest.Start(_folder);
        // The name of the next file is taken by a folder: it cannot be created.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "0000000000000001.usages"));

        for (var i = 0; i < 50; i++) Assert.True(running.Report($"u{i}"));
        await running.Sent(50);
        await running.Reporter.FlushAsync(CancellationToken.None);

        Assert.Single(running.Log.Lines, line => line.Contains("cannot be written"));
    }

    [Fact]
    public async Task With_the_journal_a_disk_that_takes_nothing_refuses_instead_of_promising()
    {
        await using var running = await ReporterUnderTest.Start(_folder, configure: Journal);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "0000000000000001.usages"));

        Assert.False(running.Report("ann"));
        Assert.Equal(1, running.Metrics.Refused);
        Directory.Delete(Path.Combine(_folder.Path, "0000000000000001.usages"));
        Assert.True(running.Report("ann"));
        await running.Sent(1);
    }

    [Fact]
    public async Task A_folder_belongs_to_one_process()
    {
        await using var running = await ReporterUnderTest.Start(_folder);

        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var second = ReporterUnderTest.Start(_folder, time: time);
        await Eventually.That(() => Task.FromResult(time.TimersSet), timers => timers == 1, "it waits a little");
        time.Pass(TimeSpan.FromSeconds(11));

        Assert.Contains(_folder.Path, (await Assert.ThrowsAsync<InvalidOperationException>(() => second)).Message);
    }

    static void Journal(UsageReporterOptions options) => options.Durability = UsageDurability.Journal;

    /// <summary>A gateway that reported so many, sent none of them, and ended.</summary>
    async Task Leave(UsageDurability durability, int count)
    {
        await using var running = await ReporterUnderTest.Start(_folder, _closed, configure: options => options.Durability = durability);
        for (var i = 0; i < count; i++) Assert.True(running.Report($"u{i}"));
        await running.Stop();
        Assert.Empty(running.ConfirmedIds);
    }
}
