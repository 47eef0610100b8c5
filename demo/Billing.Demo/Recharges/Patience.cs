namespace Billing.Demo.Recharges;

/// <summary>Asks again until there is an answer: keys and ids make that harmless.</summary>
static class Patience
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Null when it was given up.</summary>
    public static async Task<T?> UntilAnswered<T>(Func<CancellationToken, Task<T>> ask, TimeProvider time, CancellationToken giveUp) where T : class
    {
        while (!giveUp.IsCancellationRequested)
        {
            try
            {
                return await ask(giveUp);
            }
            catch (Exception)
            {
                // No answer, for whatever reason.
                await Task.Delay(Pause, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        return null;
    }
}
