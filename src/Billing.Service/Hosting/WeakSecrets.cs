using Npgsql;

namespace Billing.Service.Hosting;

/// <summary>
/// Passwords that anybody would try first: defaults of the servers, the examples of our own documentation, or simply too short. In production
/// the service does not start with one; elsewhere it says so in the log. Says which setting, never what stands there.
/// </summary>
static class WeakSecrets
{
    const int LengthMin = 12;

    static readonly string[] WellKnown =
        ["guest", "postgres", "billing", "billing_owner", "billing-service", "password", "passw0rd", "secret", "changeme", "change-me", "example", "admin", "administrator", "root", "redis", "rabbitmq", "foobared"];

    /// <summary>A sentence for each.</summary>
    public static IEnumerable<string> In(ServerAddresses addresses)
    {
        if (OfPostgres("BILLING_POSTGRES", addresses.Postgres) is { } postgres) yield return postgres;
        if (OfPostgres("BILLING_POSTGRES_OWNER", addresses.PostgresOwner) is { } owner) yield return owner;
        if (OfRabbitMq(addresses.RabbitMq) is { } rabbitMq) yield return rabbitMq;
        if (OfRedis(addresses.Redis) is { } redis) yield return redis;
    }

    static string? OfPostgres(string setting, string? connectionString)
    {
        if (connectionString is null) return null;
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        // Without a password in it there may be another proof of who calls: a file, a certificate.
        if (string.IsNullOrEmpty(address.Password) && !(string.IsNullOrEmpty(address.Passfile) && string.IsNullOrEmpty(address.SslCertificate))) return null;
        return Problem(setting, address.Password, address.Username);
    }

    static string? OfRabbitMq(Uri? address)
    {
        if (address is null) return null;
        var parts = address.UserInfo.Split(':', 2);
        var user = Uri.UnescapeDataString(parts[0]);
        return user is "" or "guest"
            ? "BILLING_RABBITMQ logs in as guest, whom every broker knows: use a user of its own, billing-service"
            : Problem("BILLING_RABBITMQ", Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""), user);
    }

    static string? OfRedis(string? address)
    {
        if (address is null) return null;
        const string Key = "password=";
        var password = address.Split(',').Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith(Key, StringComparison.OrdinalIgnoreCase))?[Key.Length..];
        return Problem("BILLING_REDIS", password, user: null);
    }

    static string? Problem(string setting, string? password, string? user)
    {
        if (string.IsNullOrWhiteSpace(password)) return $"{setting} has no password";
        if (WellKnown.Contains(password, StringComparer.OrdinalIgnoreCase)) return $"{setting} has a password that is a default or an example";
        if (password.Equals(user, StringComparison.OrdinalIgnoreCase)) return $"{setting} has its user's name for a password";
        // "..." and the like, of which documentation is full.
        if (password.Distinct().Count() < 4) return $"{setting} has a password of the same few characters";
        return password.Length < LengthMin ? $"{setting} has a password shorter than {LengthMin} characters" : null;
    }
}
