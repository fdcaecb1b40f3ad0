namespace FinalAccounts.Documents.Layout;

/// <summary>A printed page; all lengths in twips (1/20 point, 1/1440 inch).</summary>
internal sealed record Paper(int Width, int Height, int Top, int Right, int Bottom, int Left)
{
    private const int A4Short = 11906;
    private const int A4Long = 16838;

    /// <summary>Pages of text: the margins of official documents (GB/T 9704: 37 mm above, 28 mm left, a block of 156 × 225 mm).</summary>
    public static readonly Paper Text = new(A4Short, A4Long, Top: 2098, Right: 1474, Bottom: 1984, Left: 1588);

    /// <summary>Upright pages of tables: 18 mm above and below, 20 mm at the sides.</summary>
    public static readonly Paper Table = new(A4Short, A4Long, Top: 1020, Right: 1134, Bottom: 1020, Left: 1134);

    /// <summary>Oblong pages of tables: 15 mm above and below, 18 mm at the sides.</summary>
    public static readonly Paper WideTable = new(A4Long, A4Short, Top: 850, Right: 1020, Bottom: 850, Left: 1020);

    public bool Landscape => Width > Height;

    public int TextWidth => Width - Left - Right;

    public int TextHeight => Height - Top - Bottom;
}
