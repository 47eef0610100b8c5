using Billing.Contracts;
using Billing.Demo.Gateway;

namespace Billing.Demo.Traffic;

/// <summary>What a gateway has to tell: made up, or recorded.</summary>
interface ITraffic
{
    /// <summary>For people.</summary>
    string Description { get; }

    /// <summary>A question that the service can answer, whatever is in its catalogue.</summary>
    CheckQuota Probe { get; }

    /// <summary>How long recharges go on beside it.</summary>
    TimeSpan Length { get; }

    /// <summary>A run that lasts longer has a gateway that nobody answers any more.</summary>
    TimeSpan LengthMax { get; }

    /// <summary>Somebody who calls.</summary>
    string DrawUser(Random random);

    IEnumerable<StartingFunds> StartingFunds();

    Task Run(ApiGateway gateway, CancellationToken stop);
}

/// <summary>Money that is put on an account before the traffic, once by its id.</summary>
readonly record struct StartingFunds(Guid Id, string User, Money Amount);
