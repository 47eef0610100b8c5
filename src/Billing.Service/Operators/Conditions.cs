namespace Billing.Service.Operators;

/// <summary>Those conditions of a statement whose values are there, with their parameters: an index is used only for what is really asked.</summary>
sealed class Conditions
{
    readonly List<string> _conditions = ["true"];
    readonly List<object?> _parameters = [];

    public object?[] Parameters => [.. _parameters];

    /// <param name="condition">With "?" where the value goes.</param>
    public Conditions Add(string condition, object? value)
    {
        if (value is not null) _conditions.Add(condition.Replace("?", Parameter(value), StringComparison.Ordinal));
        return this;
    }

    public Conditions Add(string condition)
    {
        _conditions.Add(condition);
        return this;
    }

    public Conditions AddIn<T>(string column, IEnumerable<T> values) => Add($"{column} in ({string.Join(", ", values.Select(value => Parameter(value)))})");

    public string Parameter(object? value)
    {
        _parameters.Add(value);
        return $"${_parameters.Count}";
    }

    public override string ToString() => string.Join(" and ", _conditions);
}
