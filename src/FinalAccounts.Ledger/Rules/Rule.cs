using System.Globalization;

namespace FinalAccounts.Ledger.Rules;

/// <summary>A rule of the books.</summary>
/// <param name="Id">Never given to another rule: <c>L-BUD-01</c>.</param>
/// <param name="Severity">What follows when it is broken; null where the year's <see cref="OverspendingPolicy"/> decides.</param>
/// <param name="Parameters">The names of the message's arguments, in order.</param>
public sealed record Rule(string Id, Severity? Severity, IReadOnlyList<string> Parameters)
{
    /// <summary>The parameter whose argument is the name of a member (<c>DocumentNumber</c>) and is printed as the field's term.</summary>
    public const string FieldParameter = "field";

    /// <summary>What the rule demands.</summary>
    public string Demand(CultureInfo culture) => Messages.Get($"{Id}.rule", culture);

    /// <summary>What is wrong, with placeholders <c>{0}</c>, <c>{1}</c> for the parameters.</summary>
    public string MessageTemplate(CultureInfo culture) => Messages.Get($"{Id}.message", culture);

    /// <summary>What to do about it.</summary>
    public string Remedy(CultureInfo culture) => Messages.Get($"{Id}.remedy", culture);

    /// <summary>What is wrong, filled in.</summary>
    /// <exception cref="ArgumentException">There are not as many arguments as parameters.</exception>
    public string Message(CultureInfo culture, IReadOnlyList<string> arguments)
    {
        RequireArguments(arguments);
        var texts = Parameters.Zip(arguments, (name, value) => name == FieldParameter ? Messages.Get($"field.{value}", culture) : value);
        return string.Format(CultureInfo.InvariantCulture, MessageTemplate(culture), [.. texts]);
    }

    internal void RequireArguments(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != Parameters.Count)
        {
            throw new ArgumentException($"{Id} takes {Parameters.Count} arguments, not {arguments.Count}.");
        }
    }
}
