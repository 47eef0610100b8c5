namespace Billing.Demo.Payments;

/// <summary>The way to the billing service.</summary>
public interface INoticeDoor
{
    /// <summary>Returns once the notification is safe over there; until then it is sent again.</summary>
    Task Tell(Notice notice, CancellationToken cancellationToken);
}
