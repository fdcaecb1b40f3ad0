using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Ledger;

/// <summary>A command that can be given as JSON.</summary>
/// <param name="Name">What it is called there: <c>post-expenditure</c>.</param>
/// <param name="ClrType">A <see cref="DepartmentCommand"/> or a <see cref="YearCommand"/>.</param>
public sealed record CommandType(string Name, Type ClrType)
{
    /// <summary>True for a command on a department's master data, false for one on the books of a year.</summary>
    public bool IsOfDepartment => ClrType.IsAssignableTo(typeof(DepartmentCommand));
}

/// <summary>
/// Reads the commands that record something from JSON. The members are those of the events that they yield (docs/events.md). Closing,
/// reopening, submitting and publishing are no such commands: what they take from the log is not the sender's to say.
/// </summary>
public static class CommandCodec
{
    /// <summary>All commands, in the order of a year's course.</summary>
    public static readonly IReadOnlyList<CommandType> Types =
    [
        new("register-department", typeof(RegisterDepartment)),
        new("revise-profile", typeof(ReviseProfile)),
        new("open-fiscal-year", typeof(OpenFiscalYear)),
        new("appropriate-budget", typeof(AppropriateBudget)),
        new("supplement-budget", typeof(SupplementBudget)),
        new("withdraw-budget", typeof(WithdrawBudget)),
        new("reallocate-budget", typeof(ReallocateBudget)),
        new("receive-income", typeof(ReceiveIncome)),
        new("post-expenditure", typeof(PostExpenditure)),
        new("reverse-expenditure", typeof(ReverseExpenditure)),
        new("use-non-fiscal-surplus", typeof(UseNonFiscalSurplus)),
        new("distribute-surplus", typeof(DistributeSurplus)),
        new("determine-carry-over", typeof(DetermineCarryOver)),
        new("report-statistics", typeof(ReportStatistics)),
        new("set-performance-targets", typeof(SetPerformanceTargets)),
        new("report-performance-results", typeof(ReportPerformanceResults)),
        new("report-self-evaluation", typeof(ReportSelfEvaluation)),
        new("write-explanation", typeof(WriteExplanation)),
        new("import-comparatives", typeof(ImportComparatives)),
        new("determine-members", typeof(DetermineMembers)),
    ];

    private static readonly FrozenDictionary<string, CommandType> ByName = Types.ToFrozenDictionary(t => t.Name);
    private static readonly JsonSerializerOptions Options = LedgerJson.Options(CommandJson.Default);

    /// <summary>The shapes of the commands; <see cref="LedgerJson.Converters"/> go with them.</summary>
    public static IJsonTypeInfoResolver Shapes => CommandJson.Default;

    /// <summary>The command of a name; null when there is none.</summary>
    public static CommandType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Reads a command. Members that have nothing to say are left out; null and unknown members are refused.</summary>
    /// <returns>A <see cref="DepartmentCommand"/> or a <see cref="YearCommand"/>, as the type says.</returns>
    /// <exception cref="JsonException">The body does not have the shape of its type; <see cref="JsonException.Path"/> says where.</exception>
    public static object Decode(CommandType type, ReadOnlySpan<byte> body)
    {
        LedgerJson.RefuseNulls(body);
        return JsonSerializer.Deserialize(body, Options.GetTypeInfo(type.ClrType)) ?? throw new JsonException($"The body of '{type.Name}' is null.");
    }

    /// <summary>The member of a command that a finding is about: <c>lines[2].amount</c>; null when it is not a single one.</summary>
    public static string? MemberOf(Finding finding)
    {
        if (finding.Field is not { } field)
        {
            return null;
        }

        var names = field.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        return finding.Line is { } line
            ? $"{names[0]}[{line}]{string.Concat(names.Skip(1).Select(name => "." + name))}"
            : string.Join('.', names);
    }

    /// <summary>A command as <see cref="Decode"/> reads it.</summary>
    public static byte[] Encode(object command) => JsonSerializer.SerializeToUtf8Bytes(command, Options.GetTypeInfo(command.GetType()));
}

[JsonSerializable(typeof(RegisterDepartment))]
[JsonSerializable(typeof(ReviseProfile))]
[JsonSerializable(typeof(OpenFiscalYear))]
[JsonSerializable(typeof(AppropriateBudget))]
[JsonSerializable(typeof(SupplementBudget))]
[JsonSerializable(typeof(WithdrawBudget))]
[JsonSerializable(typeof(ReallocateBudget))]
[JsonSerializable(typeof(ReceiveIncome))]
[JsonSerializable(typeof(PostExpenditure))]
[JsonSerializable(typeof(ReverseExpenditure))]
[JsonSerializable(typeof(UseNonFiscalSurplus))]
[JsonSerializable(typeof(DistributeSurplus))]
[JsonSerializable(typeof(DetermineCarryOver))]
[JsonSerializable(typeof(ReportStatistics))]
[JsonSerializable(typeof(SetPerformanceTargets))]
[JsonSerializable(typeof(ReportPerformanceResults))]
[JsonSerializable(typeof(ReportSelfEvaluation))]
[JsonSerializable(typeof(WriteExplanation))]
[JsonSerializable(typeof(ImportComparatives))]
[JsonSerializable(typeof(DetermineMembers))]
internal sealed partial class CommandJson : JsonSerializerContext;
