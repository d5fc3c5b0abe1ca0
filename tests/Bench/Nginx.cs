using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grants.Bench;

/// <summary>An nginx of its own that hands everything to some addresses, as it is usually set up for that; it ends with the measurement however that ends.</summary>
sealed class Nginx : IDisposable
{
    readonly Process process;

    public Nginx(string folder, IEnumerable<int> ports)
    {
        using (var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = new Uri($"http://localhost:{((IPEndPoint)free.LocalEndPoint!).Port}");
        }

        Directory.CreateDirectory(folder);
        var paths = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"  {kind}_temp_path {folder}/{kind};\n"));
        File.WriteAllText(Path.Combine(folder, "nginx.conf"),
            $$"""
            daemon off;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            worker_processes auto;
            pid {{folder}}/pid;
            error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
              access_log off;
            {{paths}}  upstream service { {{string.Concat(ports.Select(port => $"server 127.0.0.1:{port}; "))}}keepalive 64; }
              server {
                listen 127.0.0.1:{{Address.Port}};
                location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; }
              }
            }
            """, new UTF8Encoding(false));
        // A watcher beside us: we may be killed.
        process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "nginx=$0; command -v $nginx >/dev/null || nginx=/usr/sbin/nginx; $nginx -p \"$1\" -c \"$1/nginx.conf\" -e \"$1/error.log\" & tail --pid=$2 -f /dev/null; kill $!; wait", "nginx", folder, $"{Environment.ProcessId}"])
        {
            WorkingDirectory = folder,
        })!;
        Folder = folder;
    }

    public Uri Address { get; }

    string Folder { get; }

    public void Dispose()
    {
        // It ends its workers itself when it is asked.
        if (File.Exists(Path.Combine(Folder, "pid")))
        {
            using var stop = Process.Start("/bin/kill", File.ReadAllText(Path.Combine(Folder, "pid")).Trim());
            stop.WaitForExit();
        }

        process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
