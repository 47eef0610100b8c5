namespace Billing.Client.Leases;

/// <summary>One bit for each grant of a lease, set when it is settled; room is made as tickets come back.</summary>
sealed class SettledTickets(int max)
{
    const int BitsOfWord = 64;
    const int TicketsOfPage = 4_096;

    readonly long[]?[] _pages = new long[]?[(max + TicketsOfPage - 1) / TicketsOfPage];
    readonly int _wordsOfPage = (Math.Min(max, TicketsOfPage) + BitsOfWord - 1) / BitsOfWord;

    /// <returns>False when it was set before.</returns>
    public bool Mark(int ticket)
    {
        ref var page = ref _pages[ticket / TicketsOfPage];
        var words = Volatile.Read(ref page) ?? Interlocked.CompareExchange(ref page, new long[_wordsOfPage], null) ?? page;
        var bit = 1L << ticket % BitsOfWord;
        return (Interlocked.Or(ref words[ticket % TicketsOfPage / BitsOfWord], bit) & bit) == 0;
    }
}
