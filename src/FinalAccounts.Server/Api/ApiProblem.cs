namespace FinalAccounts.Server.Api;

/// <summary>What went wrong, as application/problem+json (RFC 9457), in Chinese and in English.</summary>
/// <param name="Type">A name of the kind of problem that never changes: <c>urn:finalaccounts:problem:rule-refused</c>.</param>
/// <param name="Title">The kind of problem in Chinese.</param>
/// <param name="TitleEn">The kind of problem in English.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong in this case and what to do, in Chinese; absent where the title says it all.</param>
/// <param name="DetailEn">The same in English.</param>
/// <param name="Rule">The id of the rule that refuses it, the first when there are several; absent when no rule is concerned.</param>
/// <param name="Version">The version that the year's stream stands at, for a conflict; absent otherwise.</param>
/// <param name="Errors">The rules that are broken, each with its place; absent when there are none.</param>
/// <param name="ErrorCount">How many errors there are, listed or not; absent when there are none.</param>
public sealed record ApiProblem(
    string Type,
    string Title,
    string TitleEn,
    int Status,
    string? Detail,
    string? DetailEn,
    string? Rule = null,
    long? Version = null,
    IReadOnlyList<ApiError>? Errors = null,
    int? ErrorCount = null)
{
    public const string MediaType = "application/problem+json";
}

/// <summary>A rule that is broken, and where.</summary>
/// <param name="Rule">The rule's id: of the ledger (docs/rules.md), of an import (docs/import.md) or of a document (docs/report-rules.md).</param>
/// <param name="Text">What is wrong, in Chinese.</param>
/// <param name="TextEn">What is wrong, in English.</param>
/// <param name="Remedy">What to do, in Chinese.</param>
/// <param name="RemedyEn">What to do, in English.</param>
/// <param name="File">The file of an import, or the workbook and its sheet; absent when there is none.</param>
/// <param name="Row">The file's line or the sheet's row, from 1; absent when it is the file as a whole.</param>
/// <param name="Column">The column's heading, the key of a YAML file, or the member of a command.</param>
/// <param name="Value">What stands there.</param>
public sealed record ApiError(
    string Rule,
    string Text,
    string TextEn,
    string Remedy,
    string RemedyEn,
    string? File = null,
    int? Row = null,
    string? Column = null,
    string? Value = null);
