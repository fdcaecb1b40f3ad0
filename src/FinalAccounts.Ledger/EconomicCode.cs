namespace FinalAccounts.Ledger;

/// <summary>
/// A code of the departmental economic classification (部门预算支出经济分类科目): 3 digits name a class (类, 301 工资福利支出),
/// 5 an item (款, 30101 基本工资). Money is booked on items only. Source: 支出经济分类科目, 财政部.
/// </summary>
public readonly record struct EconomicCode : IComparable<EconomicCode>
{
    private readonly string? text;

    /// <exception cref="FormatException">The text is not 3 or 5 ASCII digits.</exception>
    public EconomicCode(string text)
    {
        if (!IsValid(text))
        {
            throw new FormatException($"'{text}' is not an economic code: 3 or 5 digits.");
        }

        this.text = text;
    }

    public static bool IsValid(string text) => text.Length is 3 or 5 && text.All(char.IsAsciiDigit);

    public bool IsItem => ToString().Length == 5;

    /// <summary>The class (类) that the code lies in; a class is its own class.</summary>
    public EconomicCode Class => new(ToString()[..3]);

    /// <summary>True when <paramref name="ancestor"/> is this code or its class.</summary>
    public bool IsWithin(EconomicCode ancestor) => ToString().StartsWith(ancestor.ToString(), StringComparison.Ordinal);

    public int CompareTo(EconomicCode other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <exception cref="InvalidOperationException">The value is the default of the type, which names nothing.</exception>
    public override string ToString() => text ?? throw new InvalidOperationException("A default EconomicCode names nothing.");
}
