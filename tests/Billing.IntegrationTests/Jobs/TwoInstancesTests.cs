using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Billing.IntegrationTests.Jobs;

[Collection(ServersCollection.Name)]
public sealed class TwoInstancesTests(Servers servers) : IAsyncLifetime
{
    const string Sweep = "sweep-reservations";
    static readonly TimeSpan Watched = TimeSpan.FromSeconds(8);

    readonly ConcurrentQueue<(string Job, string Result)> _runs = new();
    PostgresTestDatabase _database = null!;
    TestService _one = null!, _other = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresTestDatabase.Create(servers);
        _one = await Start();
        _other = await Start();
        foreach (var service in (TestService[])[_one, _other])
            await Eventually.That(async () => (await service.Http.GetAsync("/health/ready")).IsSuccessStatusCode, ready => ready, "the service is ready");
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Each_planned_moment_of_a_job_is_run_once_and_what_each_has_in_memory_by_both()
    {
        using var listener = Listen();
        var from = Stopwatch.GetTimestamp();
        await Task.Delay(Watched);
        var moments = (int)Stopwatch.GetElapsedTime(from).TotalSeconds;

        var swept = _runs.Count(run => run.Job == Sweep);
        // One moment at either end may fall in or out; were both to run each, there would be twice as many.
        Assert.InRange(swept, moments / 2, moments + 1);
        Assert.All(_runs, run => Assert.Equal("done", run.Result));
        Assert.InRange(_runs.Count(run => run.Job == "refresh-catalogue"), 2, 4);
        // The planned moment is what is compared, the same on both, not the moment at which one of them came.
        Assert.Equal(1, await Count($"select count(*) from job_turn where job = '{Sweep}' and due_at = date_trunc('second', due_at)"));
    }

    [Fact]
    public async Task A_run_by_hand_at_one_is_seen_at_the_other()
    {
        var begun = await (await _one.Http.PostAsync("/v1/jobs/audit/run", content: null)).Content.ReadFromJsonAsync<JsonNode>();

        var last = await Eventually.That(async () => (await _other.Http.GetFromJsonAsync<JsonNode>("/v1/jobs/audit"))!["last"]!, run => run["result"] is not null, "the audit is done");
        Assert.Equal(((string)begun!["runId"]!, "done"), ((string)last["runId"]!, (string)last["result"]!));
        Assert.Equal(1, await Count("select count(*) from audit_run where holds and violations = 0"));
    }

    [Fact]
    public async Task What_is_old_may_be_deleted_by_the_services_own_user()
    {
        await Count("with old as (insert into job_run (run_id, job, started_at, result, row_count) values (gen_random_uuid(), 'old', now() - interval '31 days', 'done', 1) returning 1) select count(*) from old");
        await Count("with old as (insert into audit_run (run_id, audited_at, duration_ms, holds, violations, report) values (gen_random_uuid(), now() - interval '401 days', 1, true, 0, '{}') returning 1) select count(*) from old");

        await _one.Http.PostAsync("/v1/jobs/forget-runs/run", content: null);

        var last = await Eventually.That(async () => (await _other.Http.GetFromJsonAsync<JsonNode>("/v1/jobs/forget-runs"))!["last"], run => run?["result"] is not null, "it is done");
        Assert.Equal(("done", 2), ((string)last!["result"]!, (int)last["rows"]!));
    }

    async Task<long> Count(string sql)
    {
        await using var connection = await _one.Database.Open(default);
        await using var command = _one.Database.Statement(connection, sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    Task<TestService> Start() => TestService.Start(_database.ConnectionString, settings: "Reservations:SweepEvery=00:00:01");

    MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Billing", Name: "billing.job.runs" }) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            _runs.Enqueue((named["job_name"], named["result"]));
        });
        listener.Start();
        return listener;
    }
}
