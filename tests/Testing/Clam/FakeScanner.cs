using System.Net;
using System.Net.Sockets;

namespace Grants.Testing.Clam;

/// <summary>Something that listens where clamd should and behaves as it is told: what no real scanner can be made to do at will.</summary>
public sealed class FakeScanner : IDisposable
{
    readonly Func<NetworkStream, Task> behave;
    readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    FakeScanner(Func<NetworkStream, Task> behave)
    {
        this.behave = behave;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>Its address as in <c>Files:Clamd</c>.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";

    /// <summary>Connections so far.</summary>
    public int Asked { get; private set; }

    /// <summary>An address where nobody listens.</summary>
    public static string Nobody()
    {
        using var once = new FakeScanner(_ => Task.CompletedTask);
        return once.Address;
    }

    /// <summary>Takes everything and never says a word.</summary>
    public static FakeScanner Silent() => new(async line =>
    {
        await line.CopyToAsync(Stream.Null);
        await Task.Delay(Timeout.Infinite);
    });

    /// <summary>Says this once it has been asked, and hangs up.</summary>
    public static FakeScanner Saying(byte[] answer) => new(async line =>
    {
        await line.ReadExactlyAsync(new byte[1]);
        await line.WriteAsync(answer);
        line.Socket.Shutdown(SocketShutdown.Send);
        await line.CopyToAsync(Stream.Null);
    });

    /// <summary>Hangs up after so many bytes, without a word.</summary>
    public static FakeScanner HangingUpAfter(int bytes) => new(async line =>
    {
        await line.ReadAtLeastAsync(new byte[bytes], bytes, throwOnEndOfStream: false);
        line.Socket.Close(0);
    });

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync();
                Asked++;
                _ = AnswerAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // gone
        }
    }

    async Task AnswerAsync(Socket socket)
    {
        try
        {
            await using var line = new NetworkStream(socket, ownsSocket: true);
            await behave(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // whoever asked has had enough
        }
    }
}
