global using Billing.Contracts;
global using Billing.Service.Charging;
global using Xunit;
