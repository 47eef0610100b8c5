using System.Collections.Frozen;

namespace Billing.Sagas;

/// <summary>The machine's states and their words on the wire.</summary>
static class StateNames
{
    static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        [nameof(RechargeStateMachine.Pending)] = RechargeStates.Pending,
        [nameof(RechargeStateMachine.AwaitingPayment)] = RechargeStates.AwaitingPayment,
        [nameof(RechargeStateMachine.AwaitingCredit)] = RechargeStates.AwaitingCredit,
        [nameof(RechargeStateMachine.Completed)] = RechargeStates.Completed,
        [nameof(RechargeStateMachine.Failed)] = RechargeStates.Failed,
        [nameof(RechargeStateMachine.Expired)] = RechargeStates.Expired,
        [nameof(RechargeStateMachine.NeedsReview)] = RechargeStates.NeedsReview,
        [nameof(RechargeStateMachine.Closed)] = RechargeStates.Closed,
    }.ToFrozenDictionary();

    public static IEnumerable<string> All => Words.Values.Order(StringComparer.Ordinal);

    public static string OnTheWire(string state) => Words[state];

    /// <summary>The machine's name of a word on the wire; null when there is none.</summary>
    public static string? OfWord(string word) => Words.FirstOrDefault(pair => pair.Value == word).Key;
}
