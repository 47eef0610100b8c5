namespace Billing.Demo.Progress;

interface IProgressDisplay
{
    /// <summary>How often it wants new figures.</summary>
    TimeSpan Every { get; }

    /// <summary>Shows what the callback reports until the work is done.</summary>
    Task Show(Func<Action<Figures>, Task> work);

    void Say(string note);
}
