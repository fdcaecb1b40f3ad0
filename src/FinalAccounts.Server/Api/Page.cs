using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace FinalAccounts.Server.Api;

/// <summary>A stretch of a list.</summary>
/// <param name="Items">In the order of the list.</param>
/// <param name="Next">The cursor of what follows; absent at the end of the list.</param>
/// <param name="Total">How many items the whole list has; absent where that is not known.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, int? Total)
{
    /// <summary>The page of a list that is at hand as a whole.</summary>
    /// <param name="tag">What the list depends on; a cursor of another list is refused. Empty where every state of the list will do.</param>
    /// <exception cref="ApiException">The cursor or the limit is wrong.</exception>
    public static Page<T> Of<TSource>(IReadOnlyList<TSource> all, PageRequest request, string tag, Func<TSource, T> item)
    {
        var from = (int)request.From(tag);
        var count = request.Count;
        return new(
            [.. all.Skip(from).Take(count).Select(item)],
            all.Count - from > count ? PageRequest.CursorAt(from + count, tag) : null,
            all.Count);
    }
}

/// <summary>Which stretch of a list is asked for.</summary>
/// <param name="Cursor">The <c>next</c> of the page before; absent for the first page.</param>
/// <param name="Limit">Most items of the page: 1 to 1,000; 100 when absent.</param>
public sealed record PageRequest([FromQuery(Name = "cursor")] string? Cursor, [FromQuery(Name = "limit")] int? Limit)
{
    /// <summary>How many items.</summary>
    /// <exception cref="ApiException">It is not 1 to <see cref="ApiLimits.LargestPage"/>.</exception>
    public int Count => Limit switch
    {
        null => ApiLimits.DefaultPage,
        >= 1 and <= ApiLimits.LargestPage => Limit.Value,
        _ => throw ApiException.BadRequest("LimitOutside", ApiLimits.LargestPage),
    };

    /// <summary>A cursor, opaque to those who get it.</summary>
    public static string CursorAt(long from, string tag) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{from}/{tag}")));

    /// <summary>Where the page begins; 0 for the first.</summary>
    /// <exception cref="ApiException">The cursor is none, or belongs to another list or another state of it.</exception>
    public long From(string tag)
    {
        if (Cursor is null)
        {
            return 0;
        }

        if (Cursor.Length <= ApiLimits.CursorCharacters && Base64Url.IsValid(Cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Cursor)).Split('/', 2) is [var number, var of]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var from) && from <= int.MaxValue)
        {
            return of == tag ? from : throw ApiException.BadRequest("CursorStale");
        }

        throw ApiException.BadRequest("CursorWrong");
    }
}
