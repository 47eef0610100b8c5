namespace Billing.Demo.Progress;

/// <summary>A line now and then, for files, pipes and those who asked for no colour.</summary>
sealed class PlainProgress(TextWriter output) : IProgressDisplay
{
    public TimeSpan Every => TimeSpan.FromSeconds(3);

    public Task Show(Func<Action<Figures>, Task> work) => work(figures => output.WriteLine(
        $"{figures.Elapsed.TotalSeconds,4:0} s  {figures.Phase,-9}  confirmed {figures.Confirmed,9:#,0}  charged or rejected {figures.Handled,9:#,0}  waiting {figures.Waiting,7:#,0}  {figures.PerSecond,7:#,0}/s  delay {figures.DelayText}"));

    public void Say(string note) => output.WriteLine(note);
}
