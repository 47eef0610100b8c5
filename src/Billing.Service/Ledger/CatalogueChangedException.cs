namespace Billing.Service.Ledger;

/// <summary>The catalogue in hand is not the database's: the same batch, decided with that one, will do.</summary>
public sealed class CatalogueChangedException() : Exception("The catalogue has changed.");
