using System.Collections.Concurrent;
using System.Globalization;
using FinalAccounts.Reporting.Forms;
using HandlebarsDotNet;

namespace FinalAccounts.Reporting;

/// <summary>
/// A form pack's compiled sentence templates and the helpers that they are written with; docs/forms.md lists the helpers.
/// Compiled once, rendered for many documents: the helpers ask the renderer that is at work on this thread.
/// </summary>
internal sealed class SentenceTemplates
{
    [ThreadStatic]
    private static TextRenderer? current;

    private readonly IHandlebars handlebars;
    private readonly Lock compiling = new();
    private readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> compiled = new();

    public SentenceTemplates(IReadOnlyDictionary<string, PackText> partials)
    {
        handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        RegisterNumbers();
        RegisterConditions();
        RegisterLists();
        RegisterTexts();
        foreach (var (name, template) in partials)
        {
            handlebars.RegisterTemplate(name, Fold(template.Text));
        }
    }

    private static TextRenderer Current => current ?? throw new InvalidOperationException("No text is being rendered.");

    /// <summary>Renders a template for a renderer; synchronous, so the thread's renderer is the right one.</summary>
    public string Render(TextRenderer renderer, string template, Dictionary<string, object?> context)
    {
        var ready = compiled.GetOrAdd(template, Compile);
        var before = current;
        current = renderer;
        try
        {
            return ready(context);
        }
        finally
        {
            current = before;
        }
    }

    /// <summary>Tries whether the template engine accepts a template; null when it does.</summary>
    public FormPackProblem? Try(PackText template)
    {
        try
        {
            foreach (var paragraph in TextRenderer.Paragraphs(template.Text))
            {
                compiled.GetOrAdd(paragraph, Compile);
            }

            return null;
        }
        catch (Exception e) when (e is HandlebarsException or ArgumentException or InvalidOperationException)
        {
            return new(PackRule.TemplateWrong, template.At(0), e.Message);
        }
    }

    /// <summary>Line breaks inside a paragraph are there for the reader of the template only.</summary>
    private static string Fold(string template) => string.Concat(template.Split('\n', StringSplitOptions.TrimEntries));

    private HandlebarsTemplate<object, object> Compile(string template)
    {
        // The library compiles on shared state; rendering needs no lock.
        lock (compiling)
        {
            return handlebars.Compile(Fold(template));
        }
    }

    // Numbers: amount, count, score, share, rate, difference, sum.
    private void RegisterNumbers()
    {
        Number("amount", (r, arguments) => r.Amount(arguments));
        Number("count", (r, arguments) => r.Count(arguments));
        Number("score", (r, arguments) => r.Sum(arguments, Printing.Points, Printing.Score));
        Number("share", (r, arguments) => r.Quotient(arguments, "LabelShare", (value, @base, zero) => new ShareQuery(value, @base, zero)));
        Number("rate", (r, arguments) => r.Quotient(arguments, "LabelRate", (value, @base, zero) => new RateQuery(value, @base, zero)));
        Number("difference", (r, arguments) => r.Difference(arguments));
        Number("sum", (r, arguments) => r.Quote(arguments));

        void Number(string name, Func<TextRenderer, Arguments, string> write) =>
            handlebars.RegisterHelper(name, (output, _, arguments) => output.WriteSafeString(write(Current, arguments)));
    }

    // Conditions: known, zero, nonzero, more, less, same, explained, is. They compare what is printed, so that no sentence says 增加0万元.
    private void RegisterConditions()
    {
        Condition("known", (r, arguments) => r.IsKnown(arguments));
        Condition("zero", (r, arguments) => Indexes(arguments).All(i => r.Rounded(arguments, i) == 0));
        Condition("nonzero", (r, arguments) => Indexes(arguments).Any(i => r.Rounded(arguments, i) is { } value && value != 0));
        Condition("more", (r, arguments) => r.Compare(arguments) > 0);
        Condition("less", (r, arguments) => r.Compare(arguments) < 0);
        Condition("same", (r, arguments) => r.Compare(arguments) == 0);
        Condition("explained", (r, arguments) => r.IsExplained(TextRenderer.Positional(arguments, 0)));
        Condition("is", (_, arguments) => TextRenderer.Positional(arguments, 0) == TextRenderer.Positional(arguments, 1));

        static IEnumerable<int> Indexes(Arguments arguments) => Enumerable.Range(0, TextRenderer.Positionals(arguments));

        void Condition(string name, Func<TextRenderer, Arguments, bool> test) => handlebars.RegisterHelper(name, (output, options, context, arguments) =>
        {
            if (test(Current, arguments))
            {
                options.Template(output, context);
            }
            else
            {
                options.Inverse(output, context);
            }
        });
    }

    // Lists and strings: functions, projects, economics, present, list, length, several, cn, circled, without, next, prior, concat.
    private void RegisterLists()
    {
        handlebars.RegisterHelper("functions", (_, arguments) => Current.Functions(
            TextRenderer.Positional(arguments, 0), Strings(arguments).Skip(1), TextRenderer.Narrow(arguments)));
        handlebars.RegisterHelper("projects", (_, arguments) => Current.Projects(Strings(arguments)));
        handlebars.RegisterHelper("length", (_, arguments) => ((System.Collections.IEnumerable)arguments[0]!).Cast<object>().Count());
        handlebars.RegisterHelper("several", (_, arguments) => ((System.Collections.IEnumerable)arguments[0]!).Cast<object>().Skip(1).Any());
        handlebars.RegisterHelper("circled", (output, _, arguments) =>
            output.WriteSafeString(ChineseNumeral.Circled(Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture))));
        handlebars.RegisterHelper("economics", (_, arguments) => Current.Economics(Strings(arguments)));
        handlebars.RegisterHelper("present", (_, arguments) => Current.Present(arguments));
        handlebars.RegisterHelper("list", (output, _, arguments) =>
        {
            var items = ((System.Collections.IEnumerable)arguments[0]!).Cast<object>().Select(i => Marks.Clean(i.ToString()!)).ToList();
            var last = TextRenderer.Text(arguments, "last") ?? "、";
            output.WriteSafeString(items.Count < 2 ? string.Concat(items) : string.Join('、', items[..^1]) + last + items[^1]);
        });
        handlebars.RegisterHelper("cn", (output, _, arguments) =>
            output.WriteSafeString(ChineseNumeral.Of(Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture))));
        handlebars.RegisterHelper("without", (_, arguments) => Without(TextRenderer.Positional(arguments, 0), TextRenderer.Positional(arguments, 1)));
        handlebars.RegisterHelper("next", (_, arguments) => Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture) + 1);
        handlebars.RegisterHelper("prior", (_, arguments) => TextRenderer.Positional(arguments, 0) + Quantities.PriorSuffix);
        handlebars.RegisterHelper("concat", (_, arguments) => string.Concat(Strings(arguments)));

        static string Without(string text, string end) => text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text;

        static IEnumerable<string> Strings(Arguments arguments) =>
            Enumerable.Range(0, TextRenderer.Positionals(arguments)).Select(i => TextRenderer.Positional(arguments, i));
    }

    // Written texts: reason, text, clause, full; br ends a paragraph.
    private void RegisterTexts()
    {
        handlebars.RegisterHelper("reason", (output, _, arguments) =>
            output.WriteSafeString(Current.Reason(TextRenderer.Positional(arguments, 0), TextRenderer.Narrow(arguments))));
        handlebars.RegisterHelper("text", (output, _, arguments) => output.WriteSafeString(Current.Written(TextRenderer.Positional(arguments, 0))));
        handlebars.RegisterHelper("clause", (output, _, arguments) => output.WriteSafeString(Current.Clause(TextRenderer.Positional(arguments, 0))));
        handlebars.RegisterHelper("full", (output, _, arguments) => output.WriteSafeString(Current.Full(TextRenderer.Positional(arguments, 0))));
        handlebars.RegisterHelper("br", (output, _, _) => output.WriteSafeString("\n"));
    }
}
