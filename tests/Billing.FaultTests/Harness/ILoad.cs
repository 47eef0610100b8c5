namespace Billing.FaultTests.Harness;

/// <summary>A gateway under way. It sends until it is told to finish, and has an answer for everything when it ends.</summary>
interface ILoad
{
    /// <summary>Sends nothing new, and repeats what is unanswered until it is answered.</summary>
    Task Finish();
}
