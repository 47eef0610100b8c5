using System.Collections.Concurrent;

namespace Billing.Demo.Progress;

/// <summary>What happens beside the figures and has to be told at once. Whoever shows the progress collects it.</summary>
sealed class Notes
{
    readonly ConcurrentQueue<string> _said = new();

    public void Say(string note) => _said.Enqueue(note);

    public IEnumerable<string> Take()
    {
        while (_said.TryDequeue(out var note)) yield return note;
    }
}
