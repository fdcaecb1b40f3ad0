namespace FinalAccounts.Ledger;

/// <summary>
/// The budget code of a department or unit (预算单位编码) within its region: 3 to 20 ASCII digits, letters or hyphens.
/// It is part of stream names, so nothing else is allowed.
/// </summary>
public readonly record struct DepartmentCode
{
    private readonly string? text;

    /// <exception cref="FormatException">The text is not of that form.</exception>
    public DepartmentCode(string text)
    {
        if (!IsValid(text))
        {
            throw new FormatException($"'{text}' is not a department code: 3 to 20 digits, letters or hyphens.");
        }

        this.text = text;
    }

    public static bool IsValid(string text) => text.Length is >= 3 and <= 20 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <exception cref="InvalidOperationException">The value is the default of the type, which names nothing.</exception>
    public override string ToString() => text ?? throw new InvalidOperationException("A default DepartmentCode names nothing.");
}
