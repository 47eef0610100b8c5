namespace Billing.Service.Intake;

/// <summary>One field: absent, read, or there but not readable (then <see cref="Text"/> is what stood there).</summary>
public readonly record struct Field<T>
{
    public bool IsPresent { get; private init; }
    public T? Value { get; private init; }
    public string? Text { get; private init; }

    public bool IsUnreadable => Text is not null;
    public bool Has => IsPresent && !IsUnreadable;

    public static Field<T> Read(T value) => new() { IsPresent = true, Value = value };

    public static Field<T> Unreadable(string text) => new() { IsPresent = true, Text = text };
}
