namespace FinalAccounts.Regions.Simulation;

/// <summary>How large the departments of a city are.</summary>
public static class SimulatedSizes
{
    /// <summary>
    /// Of each department, how many postings it has in a year: a few large ones and many small ones, which together have the wanted mean.
    /// The n-th largest has a share in inverse proportion to n + c (Zipf's law, with Mandelbrot's shift c so that the largest is a bureau
    /// and not half of the city): of 1,000 departments the largest has about 20 times the mean, half of them have less than half of
    /// it. Whole numbers only.
    /// </summary>
    /// <param name="departments">1 to <see cref="Simulation.DepartmentsLimit"/>.</param>
    /// <param name="mean">Postings of a department in a year on average, from 0 on.</param>
    /// <returns>In an order that the seed decides.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are too many departments, or the largest would have more postings than
    /// <see cref="Simulation.PostingsLimit"/>.</exception>
    public static IReadOnlyList<int> Of(int departments, int mean, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(departments, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(departments, Simulation.DepartmentsLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(mean);

        // The shares are fractions of one denominator, so that nothing is rounded before the end.
        const long unit = 1L << 40;
        var shift = 1 + (departments / 100);
        var shares = Enumerable.Range(1, departments).Select(n => unit / (n + shift)).ToList();
        Int128 whole = shares.Sum();
        Int128 postings = (long)departments * mean;
        var sizes = new int[departments];
        var (share, given) = ((Int128)0, (Int128)0);
        for (var n = 0; n < departments; n++)
        {
            // Rounding the sums and not the sizes keeps the whole exact.
            share += shares[n];
            var upToHere = postings * share / whole;
            sizes[n] = (int)(upToHere - given);
            given = upToHere;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizes[0], Simulation.PostingsLimit, nameof(mean));
        Chance.For(seed, -2).Shuffle(sizes);
        return sizes;
    }
}
