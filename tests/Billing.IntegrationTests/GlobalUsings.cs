global using Billing.Contracts;
global using Billing.TestSupport;
global using Xunit;
