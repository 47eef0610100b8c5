using Billing.Service.Queries;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Queries;

public sealed class StatisticsTurnsTests
{
    [Fact]
    public async Task Statistics_beyond_those_at_once_wait_for_their_turn_and_not_for_ever()
    {
        await using var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        var reader = new SlowReader();
        var options = new QueryOptions { StatisticsAtOnceMax = 1, StatisticsWaitMax = TimeSpan.FromMilliseconds(50) };
        using var answers = new StatisticsAnswers(reader, ledger.NewStore(), ledger.Rules, TimeProvider.System, Options.Create(options));
        var request = new GetStatistics { UserId = "ann" };

        var first = answers.Get(request, default);
        var impatient = await answers.Get(request, default);
        reader.Finish();

        Assert.Equal(ErrorCodes.DatabaseUnavailable, impatient.Code);
        Assert.Equal(ErrorCodes.AccountNotFound, (await first).Code);
        Assert.Equal(ErrorCodes.AccountNotFound, (await answers.Get(request, default)).Code);
    }

    sealed class SlowReader : IStatisticsReader
    {
        readonly TaskCompletionSource<IStatisticsSnapshot?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IStatisticsSnapshot?> Open(string userId, CancellationToken cancellationToken) => _answer.Task;

        public void Finish() => _answer.SetResult(null);
    }
}
