using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Import;

/// <summary>New events for one stream.</summary>
/// <param name="ExpectedVersion">The number of events that the stream had when the plan was made.</param>
public sealed record PlannedStream(string Stream, long ExpectedVersion, IReadOnlyList<LedgerEvent> Events);

/// <summary>
/// What an import adds to the log: everything that the books say and the log does not hold yet, to be appended in one piece.
/// A pure function of the books and of what is recorded.
/// </summary>
/// <param name="Streams">Streams with new events; none when everything is recorded already.</param>
/// <param name="Recorded">Entries of the books that the log holds already, in the same words.</param>
/// <param name="Warnings">What the ledger's rules allow but somebody should look at; placed like errors.</param>
/// <param name="CommandId">The same plan always has the same id, so that an append whose answer was lost can be sent again.</param>
public sealed record ImportPlan(
    IReadOnlyList<PlannedStream> Streams, int Recorded, IReadOnlyList<ImportError> Warnings, Guid CommandId)
{
    /// <summary>New events in all streams.</summary>
    public int NewEvents => Streams.Sum(s => s.Events.Count);

    /// <summary>Decides on every entry of the books that is not recorded yet, in order, each on the state that those before it lead to.</summary>
    /// <param name="departmentEvents">The department's stream as it is recorded.</param>
    /// <param name="yearEvents">The year's stream as it is recorded.</param>
    /// <param name="memberLists">The members of the region's departments in the year; needed when the books name members.</param>
    public static PlanResult Make(
        Books books, IReadOnlyList<LedgerEvent> departmentEvents, IReadOnlyList<LedgerEvent> yearEvents, MemberLists? memberLists = null)
    {
        var errors = new ImportErrors();
        var warnings = new List<ImportError>();
        var recorded = 0;

        var department = DepartmentState.Fold(departmentEvents);
        var newDepartmentEvents = new List<LedgerEvent>();
        foreach (var entry in books.Department)
        {
            var command = entry.Command;
            if (department.Holds(command))
            {
                recorded++;
                continue;
            }

            var decision = Deciding.Decide(department, command);
            department = Take(decision, entry.Rows, newDepartmentEvents, errors, warnings).Aggregate(department, (state, e) => state.Apply(e));
        }

        var year = YearState.Fold(yearEvents);
        var newYearEvents = new List<LedgerEvent>();
        var withoutTargets = new HashSet<string>();
        foreach (var entry in books.Year)
        {
            var command = entry.Command;

            // Without its targets nothing that is said of the indicators can be right: the error of the targets says it.
            if (command is ReportPerformanceResults or ReportSelfEvaluation && withoutTargets.Contains(Evaluated(command)))
            {
                continue;
            }

            if (year.Holds(command))
            {
                recorded++;
                continue;
            }

            var decision = Deciding.Decide(department, year, books.ChartOfAccounts, command, memberLists);
            year = Take(decision, entry.Rows, newYearEvents, errors, warnings).Aggregate(year, (state, e) => state.Apply(e));

            if (decision.IsRefused && command is SetPerformanceTargets)
            {
                withoutTargets.Add(Evaluated(command));
            }

            // Nothing can be booked in a year that is not open or is closed: one error says it, not one per voucher.
            if (decision.IsRefused && (!year.IsOpened || year.IsClosed))
            {
                break;
            }
        }

        if (errors.Any)
        {
            return new(null, errors);
        }

        var streams = new[]
        {
            new PlannedStream(Ledger.Streams.Department(books.DepartmentCode), departmentEvents.Count, newDepartmentEvents),
            new PlannedStream(Ledger.Streams.Year(books.DepartmentCode, books.FiscalYear), yearEvents.Count, newYearEvents),
        }.Where(stream => stream.Events.Count > 0).ToList();
        return new(new(streams, recorded, warnings, CommandIdOf(streams)), errors);
    }

    /// <summary>The project whose performance the command is about; empty for the spending as a whole.</summary>
    private static string Evaluated(YearCommand command) => command switch
    {
        SetPerformanceTargets c => c.Project,
        ReportPerformanceResults c => c.Project,
        ReportSelfEvaluation c => c.Project,
        _ => null,
    } ?? "";

    private static IReadOnlyList<LedgerEvent> Take(
        Decision decision, EntryRows entry, List<LedgerEvent> events, ImportErrors errors, List<ImportError> warnings)
    {
        foreach (var refusal in decision.Refusals)
        {
            errors.Add(Placed(refusal, entry));
        }

        warnings.AddRange(decision.Warnings.Select(warning => Placed(warning, entry)));
        events.AddRange(decision.Events);
        return decision.Events;
    }

    /// <summary>A finding of the ledger where it stands in the files.</summary>
    private static ImportError Placed(Finding finding, EntryRows entry)
    {
        if (entry.Row.Format == CommandLines.Format)
        {
            return new(finding.RuleId, finding.Arguments, entry.Row.File, entry.Row.Line, CommandCodec.MemberOf(finding));
        }

        if (finding is { Line: null, Field: { } field } && entry.Fields?.GetValueOrDefault(field) is { } keyed)
        {
            return new(finding.RuleId, finding.Arguments, keyed.File, keyed.Line, keyed.Find(BookFormats.Key), keyed.Find(BookFormats.Content));
        }

        var rows = finding.Field?.StartsWith("To", StringComparison.Ordinal) == true ? entry.GivenLines ?? [] : entry.Lines;
        var row = finding.Line is { } line && line < rows.Count ? rows[line] : entry.Row;
        var column = ColumnOf(finding.Field, row);
        return new(finding.RuleId, finding.Arguments, row.File, row.Line, column, row.Find(column));
    }

    /// <summary>The column that a member of a command came from; null when there is none.</summary>
    private static string? ColumnOf(string? field, TableRow row)
    {
        string?[] candidates = field?.Split('.')[^1] switch
        {
            "Date" => [BookFormats.Date],
            "Voucher" => [BookFormats.Voucher],
            "Reversed" => [BookFormats.Reversed],
            "DocumentNumber" => [BookFormats.DocumentNumber],
            "Summary" => [BookFormats.Summary],
            "Purpose" => [BookFormats.Purpose],
            "Function" => [BookFormats.Function],
            "Economic" => [BookFormats.Economic],
            "Fund" => [BookFormats.Fund],
            "Kind" => [BookFormats.Kind],
            "Project" => [BookFormats.Project],
            "Counterparty" => [BookFormats.Counterparty],
            "Members" => [BookFormats.Content],
            "Source" => [BookFormats.PaidFrom, BookFormats.Source, BookFormats.Origin],
            "Amount" => [BookFormats.Amount, BookFormats.PriorAmount],
            "Name" => [BookFormats.Name, BookFormats.Level3],
            "Value" => [BookFormats.Value],
            "Unit" => [BookFormats.Unit],
            "Subject" => [BookFormats.Subject],
            "Text" => [BookFormats.Text],
            "Author" => [BookFormats.Author],
            "Quantity" => [BookFormats.Project],
            "Level1" => [BookFormats.Level1],
            "Level2" => [BookFormats.Level2],
            "Target" => [BookFormats.Target],
            "Actual" => [BookFormats.Actual],
            "Deviation" => [BookFormats.Deviation],
            "WeightHundredths" => [BookFormats.Weight],
            "ScoreHundredths" => [BookFormats.Score],
            _ => [],
        };
        return candidates.FirstOrDefault(column => row.Find(column) != null);
    }

    /// <summary>
    /// The first 16 bytes of a SHA-256 over streams, expected versions and encoded events. The versions are part of it: a
    /// value that is changed and later changed back is a new command, not the first one sent again.
    /// </summary>
    private static Guid CommandIdOf(IReadOnlyList<PlannedStream> streams)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var stream in streams)
        {
            Append(Encoding.UTF8.GetBytes(stream.Stream));
            Append(Encoding.UTF8.GetBytes(stream.ExpectedVersion.ToString(CultureInfo.InvariantCulture)));
            foreach (var encoded in stream.Events.Select(EventCodec.Encode))
            {
                Append(Encoding.UTF8.GetBytes($"{encoded.Type}/{encoded.SchemaVersion}"));
                Append(encoded.Body);
            }
        }

        return new(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);

        // Each part with its length before it, so that no two sequences of parts give the same bytes.
        void Append(byte[] part)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }
    }
}

/// <summary>A plan, or what keeps the books from being recorded.</summary>
/// <param name="Plan">Null when there are errors.</param>
public sealed record PlanResult(ImportPlan? Plan, ImportErrors Errors);
