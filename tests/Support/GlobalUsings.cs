global using Billing.Contracts;
global using Xunit;
