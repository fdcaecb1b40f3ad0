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
public sealed record PlannedStream(string Stream, long ExpectedVersion, PlannedEvents Events);

/// <summary>What is recorded of a department and its year.</summary>
/// <param name="DepartmentVersion">Events of the department's stream.</param>
/// <param name="YearVersion">Events of the year's stream.</param>
public sealed record RecordedBooks(DepartmentState Department, long DepartmentVersion, YearState Year, long YearVersion);

/// <summary>
/// What an import adds to the log: everything that the books say and the log does not hold yet, to be appended in one piece.
/// A pure function of the books and of what is recorded.
/// </summary>
/// <param name="Streams">Streams with new events; none when everything is recorded already.</param>
/// <param name="Recorded">Entries of the books that the log holds already, in the same words.</param>
/// <param name="Warnings">What the ledger's rules allow but somebody should look at; placed like errors.</param>
/// <param name="CommandId">The same plan always has the same id, so that an append whose answer was lost can be sent again.</param>
public sealed record ImportPlan(IReadOnlyList<PlannedStream> Streams, int Recorded, ImportErrors Warnings, Guid CommandId) : IDisposable
{
    /// <summary>New events in all streams.</summary>
    public int NewEvents => Streams.Sum(s => s.Events.Count);

    /// <summary>Decides on every entry of the books that is not recorded yet, in order, each on the state that those before it lead to.</summary>
    /// <param name="departmentEvents">The department's stream as it is recorded.</param>
    /// <param name="yearEvents">The year's stream as it is recorded.</param>
    /// <param name="memberLists">The members of the region's departments in the year; needed when the books name members.</param>
    public static PlanResult Make(
        Books books, IReadOnlyCollection<LedgerEvent> departmentEvents, IReadOnlyCollection<LedgerEvent> yearEvents, MemberLists? memberLists = null) => Make(
            books,
            new(DepartmentState.Fold(departmentEvents), departmentEvents.Count, YearState.Fold(yearEvents), yearEvents.Count),
            memberLists,
            Path.GetTempPath,
            progress: null,
            CancellationToken.None);

    /// <inheritdoc cref="Make(Books,IReadOnlyCollection{LedgerEvent},IReadOnlyCollection{LedgerEvent},MemberLists)"/>
    /// <param name="recorded">What is recorded of both.</param>
    /// <param name="folder">Asked for a folder when there are too many new events to be held.</param>
    /// <param name="progress">Told how far it is.</param>
    public static PlanResult Make(
        Books books, RecordedBooks recorded, MemberLists? memberLists, Func<string> folder, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var planning = new Planning(books, recorded, memberLists, folder);
        try
        {
            planning.Department();
            planning.Year(progress, cancellationToken);
        }
        catch (BooksChangedException e)
        {
            planning.Errors.Add(ImportRule.FileChanged, e.File);
        }

        return new(planning.Finish(), planning.Errors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stream in Streams)
        {
            stream.Events.Dispose();
        }
    }

    private sealed class Planning(Books books, RecordedBooks recorded, MemberLists? memberLists, Func<string> folder)
    {
        private readonly ImportErrors warnings = new();
        private readonly HashSet<string> withoutTargets = [];
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly PlannedStream departmentStream = new(Ledger.Streams.Department(books.DepartmentCode), recorded.DepartmentVersion, new(folder));
        private readonly PlannedStream yearStream = new(Ledger.Streams.Year(books.DepartmentCode, books.FiscalYear), recorded.YearVersion, new(folder));
        private DepartmentState department = recorded.Department;
        private YearState year = recorded.Year;
        private int held;

        public ImportErrors Errors { get; } = new();

        public void Department()
        {
            foreach (var entry in books.Department)
            {
                if (department.Holds(entry.Command))
                {
                    held++;
                    continue;
                }

                var decision = Deciding.Decide(department, entry.Command);
                department = Take(decision, entry.Rows, departmentStream).Aggregate(department, (state, e) => state.Apply(e));
            }
        }

        public void Year(IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
        {
            var (done, all) = (0, books.Year.Count);
            foreach (var entry in books.Year)
            {
                if (done++ % ImportProgress.Interval == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(new(ImportStep.Deciding, done, all, done));
                }

                // Nothing can be booked in a year that is not open or is closed: one error says it, not one per voucher.
                if (Decide(entry).IsRefused && (!year.IsOpened || year.IsClosed))
                {
                    break;
                }
            }
        }

        /// <summary>The plan; null when there are errors.</summary>
        public ImportPlan? Finish()
        {
            if (Errors.Any)
            {
                departmentStream.Events.Dispose();
                yearStream.Events.Dispose();
                return null;
            }

            // The first 16 bytes of a SHA-256 over streams, expected versions and encoded events. The versions are part of it: a
            // value that is changed and later changed back is a new command, not the first one sent again.
            var commandId = new Guid(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);
            return new([.. new[] { departmentStream, yearStream }.Where(s => s.Events.Count > 0)], held, warnings, commandId);
        }

        private Decision Decide(BookEntry<YearCommand> entry)
        {
            var command = entry.Command;

            // Without its targets nothing that is said of the indicators can be right: the error of the targets says it.
            if (command is ReportPerformanceResults or ReportSelfEvaluation && withoutTargets.Contains(Evaluated(command)))
            {
                return Nothing;
            }

            if (year.Holds(command))
            {
                held++;
                return Nothing;
            }

            var decision = Deciding.Decide(department, year, books.ChartOfAccounts, command, memberLists);
            foreach (var e in Take(decision, entry.Rows, yearStream))
            {
                year = year.Apply(e);
            }

            if (decision.IsRefused && command is SetPerformanceTargets)
            {
                withoutTargets.Add(Evaluated(command));
            }

            return decision;
        }

        private IReadOnlyList<LedgerEvent> Take(Decision decision, EntryRows entry, PlannedStream stream)
        {
            foreach (var finding in decision.Findings)
            {
                (finding.Severity == Severity.Refusal ? Errors : warnings).Add(Placed(finding, entry));
            }

            foreach (var e in decision.Events)
            {
                Add(stream, e);
            }

            return decision.Events;
        }

        private void Add(PlannedStream stream, LedgerEvent e)
        {
            // What is refused anyway need not be kept.
            if (Errors.Any)
            {
                return;
            }

            if (stream.Events.Count == 0)
            {
                Hash(Encoding.UTF8.GetBytes(stream.Stream));
                Hash(Encoding.UTF8.GetBytes(stream.ExpectedVersion.ToString(CultureInfo.InvariantCulture)));
            }

            var encoded = stream.Events.Add(e);
            Hash(Encoding.UTF8.GetBytes($"{encoded.Type}/{encoded.SchemaVersion}"));
            Hash(encoded.Body);
        }

        /// <summary>Each part with its length before it, so that no two sequences of parts give the same bytes.</summary>
        private void Hash(byte[] part)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }
    }

    private static readonly Decision Nothing = new([], []);

    /// <summary>The project whose performance the command is about; empty for the spending as a whole.</summary>
    private static string Evaluated(YearCommand command) => command switch
    {
        SetPerformanceTargets c => c.Project,
        ReportPerformanceResults c => c.Project,
        ReportSelfEvaluation c => c.Project,
        _ => null,
    } ?? "";

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
}

/// <summary>A plan, or what keeps the books from being recorded.</summary>
/// <param name="Plan">Null when there are errors.</param>
public sealed record PlanResult(ImportPlan? Plan, ImportErrors Errors);
