namespace Billing.IntegrationTests.Attacks;

/// <summary>Where a notification of the payment service comes in.</summary>
public enum Door
{
    Broker,
    Http,
}
