namespace Billing.Client.Reporting.Intake;

/// <summary>Where a report goes first.</summary>
interface IIntake
{
    /// <summary>False when there is no place for it.</summary>
    bool TryTake(in UsageReport usage);

    /// <summary>Ends when there may be a place again.</summary>
    Task Room { get; }

    /// <summary>Ends when all that was taken until now is in a file, or confirmed.</summary>
    Task Written(CancellationToken cancellationToken);

    /// <summary>Takes nothing more, and ends when all that was taken is in a file, or confirmed.</summary>
    Task Close(CancellationToken cancellationToken);
}
