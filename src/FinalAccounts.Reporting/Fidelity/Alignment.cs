namespace FinalAccounts.Reporting.Fidelity;

/// <summary>A pair of an alignment: an index on either side; one of them is null where the other side has nothing.</summary>
internal readonly record struct Aligned(int? Left, int? Right);

/// <summary>Aligns two sequences along a longest common subsequence.</summary>
internal static class Alignment
{
    /// <summary>All elements of both sides in order; pairs with both indexes are equal.</summary>
    /// <remarks>Quadratic in what lies between a common beginning and a common end.</remarks>
    public static IReadOnlyList<Aligned> Of<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, bool> same)
    {
        var (start, leftEnd, rightEnd) = (0, left.Count, right.Count);
        while (start < leftEnd && start < rightEnd && same(left[start], right[start]))
        {
            start++;
        }

        while (leftEnd > start && rightEnd > start && same(left[leftEnd - 1], right[rightEnd - 1]))
        {
            leftEnd--;
            rightEnd--;
        }

        List<Aligned> pairs = [.. Enumerable.Range(0, start).Select(i => new Aligned(i, i))];
        AddMiddle(pairs, left, right, same, (start, leftEnd), (start, rightEnd));
        pairs.AddRange(Enumerable.Range(0, left.Count - leftEnd).Select(i => new Aligned(leftEnd + i, rightEnd + i)));
        return pairs;
    }

    /// <summary>
    /// The same with the gaps filled: where as many elements are left over on one side as on the other, they are taken to
    /// correspond in order.
    /// </summary>
    public static IReadOnlyList<Aligned> Paired(IReadOnlyList<Aligned> pairs)
    {
        List<Aligned> all = [];
        List<int> left = [], right = [];
        foreach (var pair in pairs)
        {
            if (pair is { Left: not null, Right: not null })
            {
                Flush();
                all.Add(pair);
            }
            else if (pair.Left is { } l)
            {
                left.Add(l);
            }
            else
            {
                right.Add(pair.Right!.Value);
            }
        }

        Flush();
        return all;

        void Flush()
        {
            all.AddRange(left.Count == right.Count
                ? left.Zip(right, (l, r) => new Aligned(l, r))
                : left.Select(l => new Aligned(l, null)).Concat(right.Select(r => new Aligned(null, r))));
            left.Clear();
            right.Clear();
        }
    }

    private static void AddMiddle<T>(
        List<Aligned> pairs, IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, bool> same, (int From, int To) l, (int From, int To) r)
    {
        var (rows, columns) = (l.To - l.From, r.To - r.From);
        var longest = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                longest[i, j] = same(left[l.From + i], right[r.From + j])
                    ? longest[i + 1, j + 1] + 1
                    : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < rows || y < columns)
        {
            if (x < rows && y < columns && same(left[l.From + x], right[r.From + y]))
            {
                pairs.Add(new(l.From + x++, r.From + y++));
            }
            else if (y == columns || (x < rows && longest[x + 1, y] >= longest[x, y + 1]))
            {
                pairs.Add(new(l.From + x++, null));
            }
            else
            {
                pairs.Add(new(null, r.From + y++));
            }
        }
    }
}
