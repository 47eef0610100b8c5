namespace Billing.Service.Access;

/// <summary>Whose key it is, and so what it opens: one scope a key. What each opens over HTTP stands in <see cref="Http.EndpointAccess"/>.</summary>
public enum KeyScope
{
    /// <summary>The gateway: usage, deductions, checks, reservations.</summary>
    Gateway,

    /// <summary>Web pages: reads and recharges, of one user where the key is bound to one.</summary>
    Web,

    /// <summary>The payment service: what it says of payments, and nothing else.</summary>
    Payment,

    /// <summary>Operators: corrections, the catalogue, keys.</summary>
    Admin,
}
