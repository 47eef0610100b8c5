namespace Billing.Benchmarks.Compare;

/// <summary>What the measurements have in common: the options, and databases to begin with, made when first asked for.</summary>
sealed class Stage(ComparisonOptions options) : IAsyncDisposable
{
    public const int UsersOfYardstick = 100_000;
    public const int ManyUsers = 1_000_000;

    readonly Dictionary<string, Template> _templates = [];

    public ComparisonOptions Options => options;

    public Task<Bench> Database(int users = UsersOfYardstick) => Database($"{users}", () => Template.Create(users));

    public Task<Bench> DatabaseWithRecords(int records) => Database($"{records} records", () => Template.Create(UsersOfYardstick, bench => Records.Fill(bench, records)));

    public Task<Bench> DatabaseWithIdentities(int identities) =>
        identities == 0 ? Database() : Database($"{identities} identities", () => Template.Create(UsersOfYardstick, bench => Identities.Fill(bench, identities)));

    public Task<Bench> DatabaseOf(LoadShape shape) => shape switch
    {
        { Records: > 0 } => DatabaseWithRecords(shape.Records),
        { Identities: > 0 } => DatabaseWithIdentities(shape.Identities),
        _ => Database(Math.Max(shape.Users, UsersOfYardstick)),
    };

    async Task<Bench> Database(string name, Func<Task<Template>> create)
    {
        if (!_templates.TryGetValue(name, out var template)) _templates.Add(name, template = await create());
        return await template.Copy();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var template in _templates.Values) await template.DisposeAsync();
    }
}
