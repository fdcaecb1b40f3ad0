using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>A cell at its place in the grid, from 0.</summary>
internal readonly record struct PlacedCell(int Row, int Column, LayoutCell Cell)
{
    public int LastRow => Row + Cell.RowSpan - 1;

    public int LastColumn => Column + Cell.ColumnSpan - 1;
}

/// <summary>Finds the places of the cells of a layout, in which cells that a span covers are left out.</summary>
internal static class GridPlaces
{
    /// <summary>
    /// The cells with their places, row by row. Header and body are placed apart: no span reaches from one into the other.
    /// </summary>
    /// <exception cref="ArgumentException">The cells do not fill the grid exactly.</exception>
    public static IReadOnlyList<PlacedCell> Place(IReadOnlyList<IReadOnlyList<LayoutCell>> rows, int columns)
    {
        var placed = new List<PlacedCell>();
        var taken = new bool[rows.Count, columns];
        for (var row = 0; row < rows.Count; row++)
        {
            var column = 0;
            foreach (var cell in rows[row])
            {
                while (column < columns && taken[row, column])
                    column++;
                var place = new PlacedCell(row, column, cell);
                Take(taken, place);
                placed.Add(place);
                column += cell.ColumnSpan;
            }

            for (column = 0; column < columns; column++)
            {
                if (!taken[row, column])
                    throw new ArgumentException($"Row {row} of the layout has no cell in column {column} of {columns}.", nameof(rows));
            }
        }

        return placed;
    }

    private static void Take(bool[,] taken, PlacedCell place)
    {
        if (place.Cell.ColumnSpan < 1 || place.Cell.RowSpan < 1
            || place.LastRow >= taken.GetLength(0) || place.LastColumn >= taken.GetLength(1))
            throw new ArgumentException($"The cell at row {place.Row}, column {place.Column} reaches beyond the grid.", nameof(place));
        for (var row = place.Row; row <= place.LastRow; row++)
        {
            for (var column = place.Column; column <= place.LastColumn; column++)
            {
                if (taken[row, column])
                    throw new ArgumentException($"Two cells claim row {row}, column {column} of the layout.", nameof(place));
                taken[row, column] = true;
            }
        }
    }
}
