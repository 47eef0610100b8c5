namespace Billing.Client.Reporting;

/// <summary>Is told which usages have arrived, before they are forgotten here; for those who check that nothing is lost.</summary>
interface IConfirmedUsages
{
    void Confirmed(IReadOnlyList<Guid> usageIds);
}
