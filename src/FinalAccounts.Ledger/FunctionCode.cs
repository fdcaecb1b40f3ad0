namespace FinalAccounts.Ledger;

/// <summary>
/// A code of the functional classification of expenditure (支出功能分类科目): 3 digits name a class (类), 5 a section (款),
/// 7 an item (项). Money is booked on items only. Source: 政府收支分类科目, 财政部, one edition a year.
/// </summary>
public readonly record struct FunctionCode : IComparable<FunctionCode>
{
    private readonly string? text;

    /// <exception cref="FormatException">The text is not 3, 5 or 7 ASCII digits.</exception>
    public FunctionCode(string text)
    {
        if (!IsValid(text))
        {
            throw new FormatException($"'{text}' is not a functional code: 3, 5 or 7 digits.");
        }

        this.text = text;
    }

    public static bool IsValid(string text) => text.Length is 3 or 5 or 7 && text.All(char.IsAsciiDigit);

    public bool IsClass => ToString().Length == 3;

    public bool IsSection => ToString().Length == 5;

    public bool IsItem => ToString().Length == 7;

    /// <summary>The class (类) that the code lies in; a class is its own class.</summary>
    public FunctionCode Class => new(ToString()[..3]);

    /// <summary>The section (款) that an item lies in, or the class that a section lies in; null for a class.</summary>
    public FunctionCode? Parent => ToString().Length switch { 7 => new(ToString()[..5]), 5 => new(ToString()[..3]), _ => null };

    /// <summary>True when <paramref name="ancestor"/> is this code or one of its parents.</summary>
    public bool IsWithin(FunctionCode ancestor) => ToString().StartsWith(ancestor.ToString(), StringComparison.Ordinal);

    /// <summary>Order of the printed tables: a parent stands before its children.</summary>
    public int CompareTo(FunctionCode other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <exception cref="InvalidOperationException">The value is the default of the type, which names nothing.</exception>
    public override string ToString() => text ?? throw new InvalidOperationException("A default FunctionCode names nothing.");
}
