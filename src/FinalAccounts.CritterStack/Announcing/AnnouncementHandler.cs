using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace FinalAccounts.CritterStack.Announcing;

/// <summary>
/// Tells others: <see cref="YearClosed"/>, <see cref="DisclosurePublished"/>, <see cref="FigureChanged"/>. A message comes at least once,
/// and again when this fails.
/// </summary>
public delegate Task Announcer(object message, CancellationToken cancellationToken);

/// <summary>Takes the messages from the durable queue to the <see cref="Announcer"/>. One that fails again and again is kept with the dead letters.</summary>
public static class AnnouncementHandler
{
    /// <summary>How long is waited before each try after the first.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    public static void Configure(HandlerChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        chain.OnAnyException().RetryWithCooldown(Waits).Then.MoveToErrorQueue();
    }

    public static Task HandleAsync(YearClosed message, Announcer announce, CancellationToken cancellationToken) => Call(announce, message, cancellationToken);

    public static Task HandleAsync(DisclosurePublished message, Announcer announce, CancellationToken cancellationToken) => Call(announce, message, cancellationToken);

    public static Task HandleAsync(FigureChanged message, Announcer announce, CancellationToken cancellationToken) => Call(announce, message, cancellationToken);

    private static Task Call(Announcer announce, object message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announce);
        return announce(message, cancellationToken);
    }
}
