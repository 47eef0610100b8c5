namespace Billing.Service.Quota.Caching;

/// <summary>Why an entry of the cache differs from the database.</summary>
public enum DriftCause
{
    /// <summary>It says of a version what the database does not, or knows a version that the database never had.</summary>
    Corruption,

    /// <summary>It stayed behind the database: a commit was not written to it.</summary>
    LostWrite,

    /// <summary>It is nothing that this program writes.</summary>
    Unreadable,
}

static class DriftCauses
{
    public static string Name(this DriftCause cause) => cause switch
    {
        DriftCause.Corruption => "corruption",
        DriftCause.LostWrite => "lost_write",
        _ => "unreadable",
    };
}
