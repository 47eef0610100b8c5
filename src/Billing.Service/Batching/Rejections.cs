using Billing.Service.Charging;

namespace Billing.Service.Batching;

/// <summary>
/// The usages of one batch that stand in <c>rejected_usage</c> instead of being charged, for the one line that tells it. However many
/// there are, the line is short: the rows have the rest.
/// </summary>
sealed class Rejections
{
    const int UsageIdsMax = 5;

    // A dictionary of this very type is one to programs that read the log, by code; any other would be a list.
    readonly Dictionary<string, int> _byCode = new(StringComparer.Ordinal);
    readonly List<string> _usageIds = [];

    public void Add(Operation operation, Outcome outcome)
    {
        if (outcome is not Refused refused) return;
        if (operation is ChargeUsage charge) Add(refused.Code, charge.Usage.UsageId.ToString());
        if (operation is RecordRejection record) Add(refused.Code, record.Rejected.UsageId);
    }

    public void Log(ILogger logger, int operationCount)
    {
        if (_byCode.Count == 0) return;
        logger.LogWarning("Rejected {RejectedCount} usages of a batch of {OperationCount} operations: {RejectedByCode}; some of their ids: {UsageIds}",
            _byCode.Values.Sum(), operationCount, _byCode, _usageIds);
    }

    void Add(string code, string usageId)
    {
        _byCode[code] = _byCode.GetValueOrDefault(code) + 1;
        // What came without an id has nothing to be found by.
        if (usageId.Length > 0 && _usageIds.Count < UsageIdsMax) _usageIds.Add(usageId);
    }
}
