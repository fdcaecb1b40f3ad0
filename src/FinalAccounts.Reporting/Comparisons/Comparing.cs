namespace FinalAccounts.Reporting.Comparisons;

/// <summary>Compares documents. Pure: the same documents give the same comparison.</summary>
public static class Comparing
{
    private static readonly Lazy<IReadOnlyList<Cause>> NoCauses = new([]);

    /// <summary>Compares two documents: of two points in time, two years or two departments, as they say themselves.</summary>
    /// <param name="left">The earlier one, if either is.</param>
    public static DocumentComparison Compare(ComparedDocument left, ComparedDocument right)
    {
        var (before, after) = (left.Document.Unit, right.Document.Unit);
        var kind = before.Year != after.Year ? ComparisonKind.Years
            : IsSameDepartment(left, right) ? ComparisonKind.PointsInTime
            : ComparisonKind.Departments;
        var own = kind == ComparisonKind.PointsInTime ? (OwnWords.None, OwnWords.None) : (OwnWords.Of(before), OwnWords.Of(after));
        var causes = kind == ComparisonKind.PointsInTime && left.Books is not null && right.Books is not null ? new Causes(left, right) : null;
        return new(kind, before, after, Figures(left.Document, right.Document, own, causes), Texts(left.Document, right.Document, own, causes));
    }

    private static bool IsSameDepartment(ComparedDocument left, ComparedDocument right) => (left.Books, right.Books) switch
    {
        ({ Current.Department: { } one }, { Current.Department: { } other }) => one.Code == other.Code,
        _ => (left.Document.Unit.Region, left.Document.Unit.Name) == (right.Document.Unit.Region, right.Document.Unit.Name),
    };

    private static List<FigureDifference> Figures(
        DisclosureDocument left, DisclosureDocument right, (OwnWords Left, OwnWords Right) own, Causes? causes) =>
    [
        .. Paired([.. left.AllFigures], [.. right.AllFigures], f => own.Left.NormalText(f.Address), f => own.Right.NormalText(f.Address))
            .Where(p => p.Left is null || p.Right is null || !IsSame(p.Left, p.Right))
            .Select(p => new FigureDifference(
                (p.Right ?? p.Left)!.Address, (p.Right ?? p.Left)!.Name,
                p.Left is { } before ? FigureValue.Of(before) : null, p.Right is { } after ? FigureValue.Of(after) : null,
                causes is null ? NoCauses : new(() => causes.OfFigure(p.Left?.Address, p.Right?.Address)))),
    ];

    private static List<TextDifference> Texts(
        DisclosureDocument left, DisclosureDocument right, (OwnWords Left, OwnWords Right) own, Causes? causes) =>
    [
        .. Paired(PlacedText.Of(left), PlacedText.Of(right), t => own.Left.NormalText(t.Place), t => own.Right.NormalText(t.Place))
            .Where(p => p.Left is null || p.Right is null || p.Left.Text != p.Right.Text)
            .Select(p => new TextDifference(
                (p.Right ?? p.Left)!.Place, (p.Right ?? p.Left)!.Kind, (p.Right ?? p.Left)!.Address, p.Left?.Text, p.Right?.Text,
                p.Left is { } before && p.Right is { } after && own.Left.NormalText(before.Text) == own.Right.NormalText(after.Text),
                new(() => Blackline.Of(p.Left?.Text ?? "", p.Right?.Text ?? "", own.Left, own.Right)),
                causes is null ? NoCauses : new(() => causes.OfText(p.Left, p.Right)))),
    ];

    /// <summary>Equal values kept as different fractions are the same: both operands of a share may double.</summary>
    private static bool IsSame(Figure left, Figure right) =>
        (left.Printed, left.Unit) == (right.Printed, right.Unit)
        && left.Exact.Numerator * right.Exact.Denominator == right.Exact.Numerator * left.Exact.Denominator;

    /// <summary>
    /// Pairs what has the same key, in the order of the right side; what only the left side has stands before what followed it there.
    /// </summary>
    private static List<(T? Left, T? Right)> Paired<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, string> leftKey, Func<T, string> rightKey)
        where T : class
    {
        var places = left.Index().ToDictionary(l => leftKey(l.Item), l => l.Index);
        var keys = right.Select(rightKey).ToList();
        var paired = keys.ToHashSet();
        List<(T? Left, T? Right)> pairs = [];
        var next = 0;
        foreach (var (item, key) in right.Zip(keys))
        {
            var at = places.TryGetValue(key, out var place) ? place : -1;
            for (; next < at; next++)
            {
                AddIfAlone(next);
            }

            pairs.Add((at < 0 ? null : left[at], item));
        }

        for (; next < left.Count; next++)
        {
            AddIfAlone(next);
        }

        return pairs;

        void AddIfAlone(int index)
        {
            if (!paired.Contains(leftKey(left[index])))
            {
                pairs.Add((left[index], null));
            }
        }
    }
}
