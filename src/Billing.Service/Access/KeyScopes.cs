namespace Billing.Service.Access;

/// <summary>The scopes by the names that the API, the database and a key's own text have for them.</summary>
static class KeyScopes
{
    public const string Names = "gateway, web, payment or admin";

    public static string Name(this KeyScope scope) => scope switch
    {
        KeyScope.Gateway => "gateway",
        KeyScope.Web => "web",
        KeyScope.Payment => "payment",
        KeyScope.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };

    public static KeyScope? Of(string? name) => name switch
    {
        "gateway" => KeyScope.Gateway,
        "web" => KeyScope.Web,
        "payment" => KeyScope.Payment,
        "admin" => KeyScope.Admin,
        _ => null,
    };
}
