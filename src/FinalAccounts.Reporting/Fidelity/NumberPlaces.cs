namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// Finds the place of each transcribed number by its sentence. A sentence may stand in several texts and a value several
/// times in a sentence; the transcription lists numbers in the order of the document, with a few added at its end.
/// </summary>
internal static class NumberPlaces
{
    /// <param name="texts">Folded heading and text of each published text.</param>
    /// <exception cref="TranscriptionException">A number does not stand where the transcription says.</exception>
    public static IReadOnlyList<LocatedNumber> Find(IReadOnlyList<PublishedNumber> numbers, IReadOnlyList<string> texts)
    {
        HashSet<(int, int)> taken = [];
        List<LocatedNumber> located = [];
        var last = (Text: 0, At: 0);
        foreach (var number in numbers)
        {
            var free = Candidates(number, texts).Where(c => !taken.Contains((c.Text, c.Span.Start))).ToList();
            if (free.Count == 0)
            {
                throw new TranscriptionException(
                    $"numbers/{number.Section}/{number.Quantity}", $"'{number.Value}{number.Unit}' does not stand in '{number.Sentence}' in any text.");
            }

            var place = free.FirstOrDefault(c => (c.Text, c.Span.Start).CompareTo(last) >= 0) ?? free[0];
            located.Add(place);
            if (place.IsDigits)
            {
                taken.Add((place.Text, place.Span.Start));
                last = (place.Text, place.Span.Start).CompareTo(last) > 0 ? (place.Text, place.Span.Start) : last;
            }
        }

        return located;
    }

    /// <summary>True for a value in digits; a blank or 四 is a matter of words.</summary>
    public static bool IsDigits(string? value) => value is not null && value.Any(char.IsAsciiDigit);

    /// <summary>False for the 22 in 0.22 or in 221.</summary>
    public static bool IsWholeNumber(string text, int at, int length)
    {
        var end = at + length;
        return !(at > 0 && (char.IsAsciiDigit(text[at - 1]) || text[at - 1] == '.'))
            && !(end < text.Length && char.IsAsciiDigit(text[end]))
            && !(end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]));
    }

    /// <summary>Every place where a part stands in a text.</summary>
    public static IEnumerable<int> All(string text, string part, int from, int to)
    {
        for (var at = text.IndexOf(part, from, to - from, StringComparison.Ordinal); at >= 0;
             at = text.IndexOf(part, at + 1, to - at - 1, StringComparison.Ordinal))
        {
            yield return at;
        }
    }

    /// <summary>The places of the value in all places of its sentence; those with the unit behind it if there are any.</summary>
    private static IReadOnlyList<LocatedNumber> Candidates(PublishedNumber number, IReadOnlyList<string> texts)
    {
        var sentence = FoldedText.Of(number.Sentence);
        var sentences = from text in texts.Index()
                        from start in All(text.Item, sentence, 0, text.Item.Length)
                        select (text.Index, text.Item, Start: start);
        if (!IsDigits(number.Value))
        {
            return [.. sentences.Select(s => new LocatedNumber(number, s.Index, new(s.Start, sentence.Length)))];
        }

        var (value, unit) = (FoldedText.Of(number.Value!), FoldedText.Of(number.Unit));
        var all = (from s in sentences
                   from at in All(s.Item, value, s.Start, s.Start + sentence.Length)
                   where IsWholeNumber(s.Item, at, value.Length)
                   select new LocatedNumber(number, s.Index, new(at, value.Length))).Distinct().ToList();
        var withUnit = all.Where(c => texts[c.Text].AsSpan(c.Span.Start + c.Span.Length).StartsWith(unit)).ToList();
        return withUnit.Count > 0 ? withUnit : all;
    }
}
