namespace Billing.Demo.Replay;

/// <summary>A number from 0 to below 1 that follows from a seed and a line: SplitMix64's finisher over both, its upper 53 bits.</summary>
static class Chance
{
    public static double Of(int seed, long line)
    {
        unchecked
        {
            var bits = (ulong)(uint)seed << 40 ^ (ulong)line;
            bits += 0x9E3779B97F4A7C15;
            bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
            bits ^= bits >> 31;
            return (bits >> 11) * (1.0 / (1UL << 53));
        }
    }
}
