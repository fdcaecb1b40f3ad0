namespace FinalAccounts.Reporting;

/// <summary>Turns column paths into header rows with merged cells.</summary>
internal static class HeaderGrid
{
    /// <summary>
    /// One header row per level. Neighbours that share a path down to a level are one cell there; a path that ends early
    /// goes down to the last row.
    /// </summary>
    /// <param name="paths">One path per drawn column; levels joined by a slash.</param>
    public static List<IReadOnlyList<LayoutCell>> Build(IReadOnlyList<string> paths)
    {
        var split = paths.Select(p => p.Split('/')).ToList();
        var depth = split.Max(p => p.Length);
        List<List<LayoutCell>> rows = [.. Enumerable.Range(0, depth).Select(_ => new List<LayoutCell>())];
        Place(split, 0, split.Count, 0, depth, rows);
        return [.. rows];
    }

    private static void Place(List<string[]> paths, int from, int to, int level, int depth, List<List<LayoutCell>> rows)
    {
        for (var start = from; start < to;)
        {
            var path = paths[start];
            if (level >= path.Length)
            {
                start++;
                continue;
            }

            var isLeaf = level == path.Length - 1;
            var end = start + 1;
            while (!isLeaf && end < to && paths[end].Length > level + 1 && paths[end][level] == path[level])
            {
                end++;
            }

            rows[level].Add(new(path[level], LayoutCellKind.Header, end - start, isLeaf ? depth - level : 1));
            Place(paths, start, end, level + 1, depth, rows);
            start = end;
        }
    }
}
