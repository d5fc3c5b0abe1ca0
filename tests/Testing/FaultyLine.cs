using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grants.Testing;

/// <summary>A TCP line to a server of this machine that fails when it is told to.</summary>
public sealed class FaultyLine : IDisposable
{
    readonly EndPoint target;
    readonly Lock gate = new();
    readonly List<Socket> open = [];
    Socket listener;
    int calls;
    long? cutUpAfter, cutDownAfter;
    byte[]? answer;

    /// <summary>Lays a line to a port of this machine.</summary>
    public FaultyLine(int port) : this(new IPEndPoint(IPAddress.Loopback, port))
    {
    }

    /// <summary>Lays a line to a port or a socket in the file system.</summary>
    public FaultyLine(EndPoint target)
    {
        this.target = target;
        listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    /// <summary>Its end on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>How often somebody has called.</summary>
    public int Calls => calls;

    /// <summary>How many faults it has made.</summary>
    public int Faults { get; private set; }

    /// <summary>Cuts once, after so many more bytes to the server.</summary>
    public void CutUpAfter(long bytes)
    {
        lock (gate) cutUpAfter = bytes;
    }

    /// <summary>Cuts once, after so many more bytes from the server.</summary>
    public void CutDownAfter(long bytes)
    {
        lock (gate) cutDownAfter = bytes;
    }

    /// <summary>Answers the next request itself, with this status line and nothing else.</summary>
    public void AnswerOnce(string status)
    {
        lock (gate) answer = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    /// <summary>How long each piece takes, one way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether everything sent vanishes while both ends believe to be connected, as on a cut cable.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Resets every connection; new ones come through.</summary>
    public void Reset()
    {
        lock (gate)
        {
            foreach (var socket in open) socket.Close(0);
            open.Clear();
        }
    }

    /// <summary>Nobody listens any more.</summary>
    public void GoAway()
    {
        listener.Dispose();
        Reset();
    }

    /// <summary>Somebody listens again.</summary>
    public void ComeBack() => listener = Listen(Port);

    /// <inheritdoc />
    public void Dispose() => GoAway();

    Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        _ = AcceptAsync(socket);
        return socket;
    }

    async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                var near = await from.AcceptAsync();
                Interlocked.Increment(ref calls);
                _ = CarryAsync(near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // gone away
        }
    }

    async Task CarryAsync(Socket near)
    {
        using var far = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using (near)
        {
            try
            {
                await far.ConnectAsync(target);
                lock (gate) open.AddRange([near, far]);
                await Task.WhenAny(PumpAsync(near, far, isUp: true), PumpAsync(far, near, isUp: false));
            }
            catch (SocketException)
            {
                // the server is not there: near is closed
            }
        }
    }

    async Task PumpAsync(Socket from, Socket to, bool isUp)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (var read = await from.ReceiveAsync(buffer); read > 0; read = await from.ReceiveAsync(buffer))
            {
                if (isUp && TakeAnswer() is { } own)
                {
                    await from.SendAsync(own);
                    from.Shutdown(SocketShutdown.Send);
                    while (await from.ReceiveAsync(buffer) > 0)
                    {
                        // the rest of the request: were it left unread, the answer would be lost in a reset
                    }

                    return;
                }

                if (IsCut(isUp, read))
                {
                    from.Close(0);
                    to.Close(0);
                    return;
                }

                if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
                if (!IsSilent) await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // cut
        }
    }

    byte[]? TakeAnswer()
    {
        lock (gate)
        {
            var taken = answer;
            answer = null;
            if (taken is not null) Faults++;
            return taken;
        }
    }

    bool IsCut(bool isUp, int bytes)
    {
        lock (gate)
        {
            ref var left = ref isUp ? ref cutUpAfter : ref cutDownAfter;
            if (left is null) return false;
            left -= bytes;
            if (left >= 0) return false;
            left = null;
            Faults++;
            return true;
        }
    }
}
