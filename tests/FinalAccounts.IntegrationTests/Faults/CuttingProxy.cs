using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using Npgsql;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>The message of the protocol at which a <see cref="CuttingProxy"/> cuts.</summary>
public enum CutPoint
{
    None,

    /// <summary>The client's COMMIT does not reach the server.</summary>
    BeforeCommit,

    /// <summary>The client's COMMIT reaches the server, whose answer does not come back.</summary>
    BehindCommit,

    /// <summary>The client is told that it did not get a lock in time, and then nothing more.</summary>
    BehindLockNotAvailable,
}

/// <summary>
/// Stands between a client and the server and passes on their messages one by one, so that a connection can be cut at exactly one
/// of them. The socket of each side is then closed, as when one of the machines goes.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // A message of either side: its type, and its length, which counts itself and what follows.
    private const int HeaderLength = 5;
    private const int LengthAt = 1;

    private static readonly byte[] Commit = Encoding.ASCII.GetBytes("QCOMMIT\0");
    private static readonly byte[] LockNotAvailable = Encoding.ASCII.GetBytes("C" + PostgresErrorCodes.LockNotAvailable + "\0");

    private readonly TemporaryDirectory directory = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint server;
    private readonly ConcurrentBag<Task> connections = [];
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly Task accepting;
    private int cutAt;

    /// <param name="connectionString">To the server behind it, which must listen on a Unix socket.</param>
    public CuttingProxy(string connectionString)
    {
        var behind = new NpgsqlConnectionStringBuilder(connectionString);
        var name = $".s.PGSQL.{behind.Port}";
        server = new(Path.Combine(behind.Host!, name));
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Host = directory.Root, SslMode = SslMode.Disable }.ConnectionString;
        listener.Bind(new UnixDomainSocketEndPoint(directory[name]));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>To the server through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>True while nobody gets through to the server on a new connection.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Cuts the next connection that comes to this point, once.</summary>
    /// <param name="close">Whether to close the proxy from then on.</param>
    public void CutAt(CutPoint point, bool close = false)
    {
        CloseWhenCut = close;
        Interlocked.Exchange(ref cutAt, (int)point);
    }

    /// <summary>True when what <see cref="CutAt"/> asked for has been done.</summary>
    public bool HasCut => Volatile.Read(ref cutAt) == (int)CutPoint.None;

    private bool CloseWhenCut { get; set; }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(connections);
        directory.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            sockets.Add(client);
            if (IsClosed)
            {
                client.Dispose();
            }
            else
            {
                connections.Add(Task.Run(() => ConnectAsync(client)));
            }
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        using var toServer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        sockets.Add(toServer);
        await toServer.ConnectAsync(server);

        // When one direction ends, so does the other.
        await Task.WhenAll(EndBothAsync(PassRequestsAsync), EndBothAsync(PassAnswersAsync));

        async Task EndBothAsync(Func<Stream, Stream, Task> pass)
        {
            await using var clientStream = new NetworkStream(client, ownsSocket: false);
            await using var serverStream = new NetworkStream(toServer, ownsSocket: false);
            try
            {
                await pass(clientStream, serverStream);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The other side is gone, or the other direction has ended.
            }

            client.Dispose();
            toServer.Dispose();
        }
    }

    private async Task PassRequestsAsync(Stream client, Stream toServer)
    {
        // The first message of a client has no type.
        var requests = new BufferedStream(client);
        await toServer.WriteAsync(await ReadMessageAsync(requests, LengthAt - 1));
        while (true)
        {
            var message = await ReadMessageAsync(requests, LengthAt);
            var isCommit = message[0] == Commit[0] && message.AsSpan(HeaderLength).SequenceEqual(Commit.AsSpan(1));
            if (isCommit && IsDue(CutPoint.BeforeCommit))
            {
                return;
            }

            var isLast = isCommit && IsDue(CutPoint.BehindCommit);
            await toServer.WriteAsync(message);
            if (isLast)
            {
                return;
            }
        }
    }

    private async Task PassAnswersAsync(Stream client, Stream fromServer)
    {
        var answers = new BufferedStream(fromServer);
        for (var isLast = false; ;)
        {
            var message = await ReadMessageAsync(answers, LengthAt);
            isLast |= message[0] == 'E' && message.AsSpan().IndexOf(LockNotAvailable) >= 0 && IsDue(CutPoint.BehindLockNotAvailable);
            await client.WriteAsync(message);

            // The answer is whole when the server says that it is ready for the next request.
            if (isLast && message[0] == 'Z')
            {
                return;
            }
        }
    }

    private bool IsDue(CutPoint point)
    {
        var isDue = Volatile.Read(ref cutAt) == (int)point;
        if (isDue)
        {
            IsClosed = CloseWhenCut;
            Interlocked.Exchange(ref cutAt, (int)CutPoint.None);
        }

        return isDue;
    }

    /// <exception cref="EndOfStreamException">There is none.</exception>
    private static async Task<byte[]> ReadMessageAsync(Stream from, int lengthAt)
    {
        var header = new byte[lengthAt + sizeof(int)];
        await from.ReadExactlyAsync(header);
        var message = new byte[lengthAt + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(lengthAt))];
        header.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(header.Length));
        return message;
    }
}
