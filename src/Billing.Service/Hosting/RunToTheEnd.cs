namespace Billing.Service.Hosting;

/// <summary>Runs the service so that it ends when it is to end, whatever cannot be stopped.</summary>
static class RunToTheEnd
{
    /// <summary>As for anything else that went wrong.</summary>
    const int NotEndedInTime = 1;

    /// <summary>
    /// The exit code, when the service was told to stop or stops by itself. What has not ended then, nor given up, after
    /// <paramref name="patience"/> is left behind: a bus that is deaf may not be there to be stopped either.
    /// </summary>
    /// <exception cref="Exception">The service could not start, or did not stop as it should.</exception>
    public static async Task<int> Of(IHost service, TimeSpan patience, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        var ended = service.RunAsync(cancellationToken);
        if (await Task.WhenAny(ended, OutOfPatience()) != ended) return Environment.ExitCode == 0 ? NotEndedInTime : Environment.ExitCode;

        // Whoever chose a code has said why it ends.
        if (Environment.ExitCode == 0) await ended;
        return Environment.ExitCode;

        async Task OutOfPatience()
        {
            await stopping.Task;
            await Task.Delay(patience, CancellationToken.None);
        }
    }
}
