using System.Text.RegularExpressions;
using Billing.Tests.Architecture;
using Billing.Tests.Http;

namespace Billing.Tests.Observability;

public sealed partial class ObservabilityPageTests
{
    static string Page => File.ReadAllText(Path.Combine(SourceTree.Root, "docs/observability.md"));

    /// <summary>The instruments as the code names them.</summary>
    static IEnumerable<string> Instruments => SourceTree.Files("Billing.Service").SelectMany(file => Created().Matches(file.Text)).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal);

    [Fact]
    public void The_page_has_every_metric_and_none_that_is_not_there() =>
        Assert.Equal(Instruments, Documented().Matches(Page).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("deploy/prometheus/billing.rules.yml")]
    [InlineData("deploy/grafana/billing.json")]
    public void Alerts_and_dashboard_ask_for_what_the_page_names_only(string file)
    {
        var documented = DocumentedAsPrometheus().Matches(Page).Select(match => match.Groups["name"].Value).ToHashSet();

        var asked = Asked().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, file))).Select(match => Suffix().Replace(match.Value, "")).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(documented));
    }

    [Fact]
    public async Task What_a_running_service_shows_has_the_name_that_the_page_gives_it()
    {
        await using var service = await RunningService.Start();
        await service.Post("/v1/usage", service.Usage());
        var documented = DocumentedAsPrometheus().Matches(Page).Select(match => match.Groups["name"].Value).ToHashSet();

        var shown = Shown().Matches(await service.Text()).Select(match => match.Groups["name"].Value).ToList();

        Assert.Contains("billing_usage_charged_total", shown);
        Assert.Empty(shown.Except(documented));
    }

    [GeneratedRegex(@"Create(Observable)?(Counter|Gauge|UpDownCounter|Histogram)(<\w+>)?\(""(?<name>[a-z_.]+)""")]
    internal static partial Regex Created();

    [GeneratedRegex(@"^\| `(?<name>billing\.[a-z_.]+)`", RegexOptions.Multiline)]
    internal static partial Regex Documented();

    [GeneratedRegex(@"^\| `billing\.[a-z_.]+`<br>`(?<name>[a-z_]+)`", RegexOptions.Multiline)]
    internal static partial Regex DocumentedAsPrometheus();

    [GeneratedRegex(@"\bbilling_[a-z_]+")]
    internal static partial Regex Asked();

    [GeneratedRegex("_(bucket|sum|count)$")]
    internal static partial Regex Suffix();

    [GeneratedRegex(@"^# TYPE (?<name>billing_[a-z_]+)", RegexOptions.Multiline)]
    internal static partial Regex Shown();
}
