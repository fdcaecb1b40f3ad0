namespace FinalAccounts.Regions.Simulation;

/// <summary>
/// Random numbers that are the same for the same seed on every machine and in every version of the runtime: SplitMix64 (Steele, Lea,
/// Flood: Fast splittable pseudorandom number generators, 2014).
/// </summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed;

    /// <summary>A source for a part of what is simulated, so that the parts do not depend on each other.</summary>
    public static Chance For(ulong seed, int part) => new(new Chance(new Chance(seed).NextBits() + (ulong)part).NextBits());

    /// <summary>A source of its own, for a part whose length must not change what comes after it.</summary>
    public Chance Split() => new(NextBits());

    public ulong NextBits()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public long Between(long first, long last) => first + (long)(NextBits() % (ulong)(last - first + 1));

    /// <summary>True in so many of a hundred cases.</summary>
    public bool InHundred(int cases) => Between(1, 100) <= cases;

    public T OneOf<T>(IReadOnlyList<T> items) => items[(int)Between(0, items.Count - 1)];

    /// <summary>Puts the items into any order, each as likely as the others (Fisher, Yates).</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = (int)Between(0, i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
