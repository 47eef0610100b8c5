namespace Billing.Service.Hosting;

/// <summary>What a start in production refuses.</summary>
static class Production
{
    /// <summary>
    /// Said, not assumed: ASP.NET takes an environment that nobody named for production too, and the embedded service starts with nothing set.
    /// </summary>
    public static bool IsNamed(IConfiguration configuration) =>
        string.Equals(configuration[HostDefaults.EnvironmentKey], Environments.Production, StringComparison.OrdinalIgnoreCase);

    public static void RefuseWeakSecrets(IConfiguration configuration, ServerAddresses addresses)
    {
        if (!IsNamed(configuration)) return;
        var weak = WeakSecrets.In(addresses).ToList();
        if (weak.Count > 0)
            throw new InvalidOperationException($"{string.Join("; ", weak)}. In production the service does not start so: scripts/compose-secrets.sh makes passwords, or use 24 random bytes in hexadecimal.");
    }

    /// <summary>Elsewhere a weak secret is somebody's trial: it is told of.</summary>
    public static void TellOfWeakSecrets(ServerAddresses addresses, ILogger logger)
    {
        foreach (var weak in WeakSecrets.In(addresses)) logger.LogWarning("{WeakSecret}: in production the service would not start", weak);
    }
}
