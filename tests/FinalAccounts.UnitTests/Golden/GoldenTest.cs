using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>
/// A sample's document against the published one (samples/&lt;name&gt;/published.json). The counts are written down by hand
/// from what the published document has and from the sample's differences.yaml; nothing but what that declares may differ.
/// </summary>
/// <param name="expected">Equal and all of each matter.</param>
public abstract class GoldenTest(string sample, GoldenCounts expected)
{
    private protected Sample Sample { get; } = Sample.Of(sample);

    [Fact]
    public void Every_amount_of_the_tables_is_as_published() => Check(Matter.Cell, expected.Cells);

    [Fact]
    public void Every_number_of_the_texts_is_as_published() => Check(Matter.Number, expected.Numbers);

    [Fact]
    public void Every_block_of_the_text_is_as_published_word_for_word() => Check(Matter.Block, expected.Blocks);

    [Fact]
    public void Every_field_of_the_performance_parts_is_as_published() => Check(Matter.Performance, expected.Performance);

    [Fact]
    public void Every_row_of_the_tables_is_as_published() => Check(Matter.Row, expected.Rows);

    [Fact]
    public void Cover_titles_notes_and_glossary_are_as_published() => Check(Matter.Label, expected.Labels);

    [Fact]
    public void Every_declared_difference_occurs() => Result.Stale.Select(d => d.Where).ShouldBeEmpty();

    /// <summary>A draft is a reason that nobody has written: the sample gives all of them.</summary>
    [Fact]
    public void Nothing_is_left_as_a_draft() =>
        Sample.Document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Where(b => b.Drafts.Count > 0).Select(b => b.Heading).ShouldBeEmpty();

    private FidelityResult Result => Sample.Measure(Sample.Document);

    private void Check(Matter matter, (int Equal, int Of) counts)
    {
        Result.Undeclared.Where(d => d.Matter == matter).Select(d => $"{d.Where}: {d.Published} / {d.Computed}").ShouldBeEmpty();
        (Result.Tallies[matter].Equal, Result.Tallies[matter].Of).ShouldBe(counts);
    }
}

/// <summary>What a golden test expects: equal and all.</summary>
/// <param name="Cells">Printed amounts of the tables.</param>
/// <param name="Numbers">Numbers in the texts.</param>
/// <param name="Blocks">Blocks of the narrative.</param>
/// <param name="Rows">Rows of the tables.</param>
/// <param name="Labels">Four of the cover; title, unit, columns and notes of each table; terms of the glossary.</param>
/// <param name="Performance">Fields of performance parts and blocks of attached reports; none when left out.</param>
public readonly record struct GoldenCounts(
    (int Equal, int Of) Cells,
    (int Equal, int Of) Numbers,
    (int Equal, int Of) Blocks,
    (int Equal, int Of) Rows,
    (int Equal, int Of) Labels,
    (int Equal, int Of) Performance = default);
