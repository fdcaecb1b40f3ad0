namespace FinalAccounts.Ledger;

/// <summary>
/// The administrative division code of a region (行政区划代码, GB/T 2260): 6 digits. One region is one tenant with its own
/// log; the code names its PostgreSQL schema, so nothing but digits is allowed.
/// </summary>
public readonly record struct RegionCode
{
    private readonly string? text;

    /// <exception cref="FormatException">The text is not 6 ASCII digits.</exception>
    public RegionCode(string text)
    {
        if (!IsValid(text))
        {
            throw new FormatException($"'{text}' is not a region code: 6 digits.");
        }

        this.text = text;
    }

    public static bool IsValid(string text) => text.Length == 6 && text.All(char.IsAsciiDigit);

    /// <exception cref="InvalidOperationException">The value is the default of the type, which names nothing.</exception>
    public override string ToString() => text ?? throw new InvalidOperationException("A default RegionCode names nothing.");
}
