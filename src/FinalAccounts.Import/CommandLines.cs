using System.Text;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;

namespace FinalAccounts.Import;

/// <summary>
/// Reads a department's year from commands, one JSON object on each line (NDJSON): <c>{"command":"post-expenditure","body":{…}}</c>. They
/// are taken in the order of the lines, all or none, and what is recorded already in the same words is left out, as with lists.
/// </summary>
public static class CommandLines
{
    /// <summary>What the lines are called in errors.</summary>
    public const string FileName = "commands.ndjson";

    private const string CommandMember = "command";
    private const string BodyMember = "body";

    /// <summary>A line has no columns; the place within it is the member.</summary>
    internal static readonly ListFormat Format = new("commands", "commands", "ndjson", false, []);

    /// <summary>Reads all lines; empty ones are left out.</summary>
    /// <param name="utf8">At most <see cref="ImportLimits.FileBytes"/>; whoever receives them sees to that.</param>
    /// <param name="hasFormPack">Whether there is a form pack of a name.</param>
    public static ReadResult Read(
        RegionCode region, DepartmentCode department, FiscalYear year, ReadOnlyMemory<byte> utf8, Func<string, bool> hasFormPack)
    {
        var errors = new ImportErrors();
        List<BookEntry<DepartmentCommand>> master = [];
        List<BookEntry<YearCommand>> books = [];
        var line = 0;
        foreach (var range in Lines(utf8))
        {
            line++;
            var row = new TableRow(Format, FileName, line, []);
            if (line > ImportLimits.Rows)
            {
                errors.Add(ImportRule.TooManyRows, FileName, line, null, null, $"{ImportLimits.Rows}", $"{ImportLimits.VoucherRows}");
                break;
            }

            switch (range.Span.Trim(" \t\r"u8).IsEmpty ? null : Read(range, row, errors))
            {
                case DepartmentCommand command:
                    master.Add(new(command, row, []));
                    break;
                case OpenFiscalYear open when !hasFormPack(open.FormPack):
                    errors.Add(ImportRule.FormPackUnknown, FileName, line, "formPack", open.FormPack);
                    break;
                case YearCommand command:
                    books.Add(new(command, row, []));
                    break;
            }
        }

        if (!ChartOfAccounts.TryFor(year, out var chart))
        {
            errors.Add(ImportRule.ChartMissing, FileName, null, null, $"{year}", $"{year}", string.Join("、", ChartOfAccounts.Years));
        }

        return new(errors.Any || chart is null ? null : new(region, department, year, "", master, new(books), chart, []), errors);
    }

    private static object? Read(ReadOnlyMemory<byte> line, TableRow row, ImportErrors errors)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || root.EnumerateObject().Any(p => p.Name is not (CommandMember or BodyMember))
                || !root.TryGetProperty(CommandMember, out var command) || command.ValueKind != JsonValueKind.String
                || !root.TryGetProperty(BodyMember, out var body))
            {
                errors.Add(ImportRule.CommandMalformed, row.File, row.Line, null, null, "$");
                return null;
            }

            if (CommandCodec.Find(command.GetString()!) is not { } type)
            {
                errors.Add(
                    ImportRule.CommandUnknown, row.File, row.Line, CommandMember, command.GetString(), string.Join("、", CommandCodec.Types.Select(t => t.Name)));
                return null;
            }

            return CommandCodec.Decode(type, Encoding.UTF8.GetBytes(body.GetRawText()));
        }
        catch (JsonException e)
        {
            errors.Add(ImportRule.CommandMalformed, row.File, row.Line, null, null, e.Path ?? "$");
            return null;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            var end = utf8.Span.IndexOf((byte)'\n');
            yield return end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? default : utf8[(end + 1)..];
        }
    }
}
