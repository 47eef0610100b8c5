using Billing.Service.Charging;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Queries;

/// <summary>Answers <see cref="GetStatistics"/> for every door.</summary>
public sealed class StatisticsAnswers(IStatisticsReader reader, ILedgerStore store, IRules rules, TimeProvider time, IOptions<QueryOptions> options) : IDisposable
{
    readonly SemaphoreSlim _turns = new(options.Value.StatisticsAtOnceMax);

    public async Task<UsageStatistics> Get(GetStatistics request, CancellationToken cancellationToken)
    {
        StatisticsQuestion? question;
        try
        {
            await rules.CurrentFor([request.Service], cancellationToken);
            if (StatisticsQuestion.Read(request, rules, time.GetUtcNow(), out question) is { } wrong) return No(request, wrong.Code, wrong.Detail);
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, Paging.Unavailable);
        }
        if (!await _turns.WaitAsync(options.Value.StatisticsWaitMax, cancellationToken))
            return No(request, ErrorCodes.DatabaseUnavailable, $"{options.Value.StatisticsAtOnceMax} other statistics keep the database busy; ask again.");
        try
        {
            return await Answer(request, question!, cancellationToken);
        }
        catch (OverflowException)
        {
            return No(request, ErrorCodes.AmountOverflow, "A sum is beyond 9,223,372,036.854775807; ask for a shorter range or for one service.");
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, Paging.Unavailable);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    async Task<UsageStatistics> Answer(GetStatistics request, StatisticsQuestion question, CancellationToken cancellationToken)
    {
        await using var snapshot = await reader.Open(request.UserId, cancellationToken);
        if (snapshot is null) return No(request, ErrorCodes.AccountNotFound, $"No operation has named user '{request.UserId}' yet.");

        Cuts? cuts = null;
        if (question.Unit is { } unit && await snapshot.Extent(question.Range, cancellationToken) is var (first, last))
        {
            cuts = Cuts.Of(question.Zone, unit, first, last);
            if (cuts is null) return No(request, ErrorCodes.TooMany, $"The usage spreads over more than {Cuts.PiecesMax} {request.GroupBy.First(name => name != "service")}s; ask for a shorter range.");
        }

        var rows = await snapshot.Sum(question.Range, question.ServiceId, cuts?.At ?? [], cancellationToken);
        return new UsageStatistics
        {
            UserId = request.UserId,
            TimeZone = question.Zone.Id,
            From = question.Local(question.Range.From),
            To = question.Local(question.Range.To),
            Items = question.Groups(rows, cuts),
            Total = StatisticsQuestion.Group(rows),
            Currency = rules.Currency,
            AsOf = snapshot.AsOf,
        };
    }

    UsageStatistics No(GetStatistics request, string code, string detail) =>
        new() { UserId = request.UserId ?? "", Code = code, Detail = detail, Currency = rules.Currency, AsOf = time.GetUtcNow() };
}
