global using Billing.Contracts;
