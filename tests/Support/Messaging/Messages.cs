namespace Billing.TestSupport.Messaging;

public sealed record OrderPlaced(Guid OrderId, int Amount);

public sealed record OrderImported(Guid OrderId);

public sealed record ReserveStock(Guid OrderId);

public sealed record StockReserved(Guid OrderId);

public sealed record OrderExpired(Guid OrderId);

public sealed record OrderFinished(Guid OrderId, string How);

public sealed record TouchOrder(Guid OrderId);

public sealed record TouchOrdersOf(int Amount);

/// <summary>Asks a consumer with an outbox to write a note, and to say so.</summary>
public sealed record WriteNote(Guid Key, string Text = "note");

public sealed record NoteWritten(Guid Key);

/// <summary>As <see cref="WriteNote"/>, for a consumer that commits by itself.</summary>
public sealed record WriteNotePlainly(Guid Key);

/// <summary>Asks for this many <see cref="Numbered"/> messages.</summary>
public sealed record CountTo(Guid Key, int Last);

public sealed record Numbered(Guid Key, int Number);

public sealed record Ask(int Number);

public sealed record Answer(int Number);

/// <summary>Fails twice before it is done.</summary>
public sealed record TryLater(Guid Key);

/// <summary>A type that nobody consumes, until a test does.</summary>
public sealed record Unheard(Guid Key);

/// <summary>Consumed with the outbox of the second context.</summary>
public sealed record CountStock(Guid Key);
