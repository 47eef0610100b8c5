namespace Billing.Sagas.Doors;

/// <summary>What an order must be.</summary>
/// <param name="currency">The deployment's billing currency.</param>
public sealed class OrderRules(string currency)
{
    const int ChannelLengthMax = 64;

    readonly Money _minorUnit = MinorUnit.Of(currency);

    public string Currency => currency;

    /// <summary>The code and what would be right; null when nothing is wrong.</summary>
    public (string Code, string Detail)? WhatIsWrongWith(StartRecharge order)
    {
        if (!Names.IsValid(order.UserId)) return (ErrorCodes.InvalidUserId, $"A user id is {Names.Rule}.");
        if (!Names.IsValid(order.IdempotencyKey)) return (ErrorCodes.InvalidIdempotencyKey, $"idempotencyKey is {Names.Rule}.");
        if (!Names.IsValid(order.Channel, ChannelLengthMax)) return (ErrorCodes.InvalidChannel, $"channel is 1 to {ChannelLengthMax} characters of a name, such as \"card\".");
        if (order.Currency != currency) return (ErrorCodes.CurrencyMismatch, $"currency is '{order.Currency}'; \"{currency}\" is billed here.");
        if (order.Amount <= Money.Zero || order.Amount.Nanos % _minorUnit.Nanos != 0)
            return (ErrorCodes.InvalidAmount, $"amount is a decimal string of more than zero, in whole steps of {_minorUnit} {currency}.");
        return null;
    }
}
