using Spectre.Console;

namespace Billing.Demo.Progress;

/// <summary>A small table that changes in place.</summary>
sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    readonly List<string> _notes = [];

    public TimeSpan Every => TimeSpan.FromMilliseconds(500);

    public Task Show(Func<Action<Figures>, Task> work) => console.Live(new Text("")).StartAsync(live => work(figures =>
    {
        live.UpdateTarget(Picture(figures));
        live.Refresh();
    }));

    public void Say(string note) => _notes.Add(note);

    Rows Picture(Figures figures)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in new[] { "time", "", "confirmed", "charged or rejected", "waiting", "usages/s", "delay" })
            table.AddColumn(new TableColumn(new Text(heading, new Style(Color.Grey))).RightAligned());
        table.AddRow(
            $"{figures.Elapsed.TotalSeconds:0} s", figures.Phase, $"{figures.Confirmed:#,0}", $"{figures.Handled:#,0}",
            $"{figures.Waiting:#,0}", $"{figures.PerSecond:#,0}", figures.DelayText);
        return new Rows([table, .. _notes.Select(note => new Text(note, new Style(Color.Yellow)))]);
    }
}
