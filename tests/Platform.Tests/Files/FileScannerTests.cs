using System.Text;
using Grants.Platform.Files;
using Grants.Testing.Clam;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Tests.Files;

public sealed class FileScannerTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(2), Short = TimeSpan.FromMilliseconds(300);

    static async Task<ScanResult> RealAsync(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await new FileScanner((await ClamServer.RunningAsync()).Address).ScanAsync(stream, Long, default);
    }

    static Task<ScannerUnavailableException> UnavailableAsync(string address, int length = 1_000_000) => UnavailableAsync(address, length, Long);

    static async Task<ScannerUnavailableException> UnavailableAsync(string address, int length, TimeSpan patience)
    {
        using var stream = new MemoryStream(new byte[length]);
        return await Assert.ThrowsAsync<ScannerUnavailableException>(() => new FileScanner(address).ScanAsync(stream, patience, default));
    }

    [Fact]
    public async Task What_the_scanner_does_not_know_is_clean()
    {
        Assert.Equal(new ScanResult(ScanVerdict.Clean), await RealAsync([]));
        Assert.Equal(new ScanResult(ScanVerdict.Clean), await RealAsync("%PDF-1.7 hello"u8.ToArray()));
        Assert.Equal(new ScanResult(ScanVerdict.Clean), await RealAsync(new byte[ClamServer.StreamMaxLength]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024 - 5)]
    [InlineData(1_500_000)]
    public async Task What_it_knows_is_infected_wherever_it_stands(int at)
    {
        byte[] content = [.. new byte[at], .. Encoding.ASCII.GetBytes(ClamServer.Harmful), .. new byte[100]];
        Assert.Equal(new ScanResult(ScanVerdict.Infected, ClamServer.Signature), await RealAsync(content));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20_000_000)]
    public async Task More_than_the_scanner_takes_is_too_large_and_not_an_outage(int more) =>
        Assert.Equal(new ScanResult(ScanVerdict.TooLarge), await RealAsync(new byte[ClamServer.StreamMaxLength + more]));

    [Fact]
    public async Task Many_at_once_get_each_their_own_answer()
    {
        var harmful = Encoding.ASCII.GetBytes(ClamServer.Harmful);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => RealAsync(number % 2 == 0 ? harmful : new byte[number])));
        Assert.All(answers.Index(), answer => Assert.Equal(answer.Index % 2 == 0 ? ScanVerdict.Infected : ScanVerdict.Clean, answer.Item.Verdict));
    }

    [Fact]
    public async Task A_real_scanner_answers_a_ping() => await new FileScanner((await ClamServer.RunningAsync()).Address).PingAsync(Long, default);

    [Fact]
    public async Task A_scanner_that_is_not_there_is_unavailable()
    {
        await UnavailableAsync(FakeScanner.Nobody());
        await UnavailableAsync("unix:" + Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));
        await UnavailableAsync("no-such-host.invalid:3310");
        await Assert.ThrowsAsync<ScannerUnavailableException>(() => new FileScanner(FakeScanner.Nobody()).PingAsync(Long, default));
    }

    [Fact]
    public async Task A_scanner_that_hangs_is_unavailable_after_the_patience()
    {
        using var silent = FakeScanner.Silent();
        await UnavailableAsync(silent.Address, 100, Short);
        await UnavailableAsync(silent.Address, 20_000_000, Short);
        await Assert.ThrowsAsync<ScannerUnavailableException>(() => new FileScanner(silent.Address).PingAsync(Short, default));
    }

    [Fact]
    public async Task A_scanner_that_hangs_up_is_unavailable()
    {
        using var early = FakeScanner.HangingUpAfter(1);
        await UnavailableAsync(early.Address);
        using var late = FakeScanner.HangingUpAfter(500_000);
        await UnavailableAsync(late.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("stream: OK")]
    [InlineData("stream: OK and more\0")]
    [InlineData("FOUND\0")]
    [InlineData("\0")]
    [InlineData("UNKNOWN COMMAND\0")]
    [InlineData("stream: Can't allocate memory ERROR\0")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task What_is_no_answer_is_never_taken_for_one(string answer)
    {
        using var scanner = FakeScanner.Saying(Encoding.ASCII.GetBytes(answer));
        await UnavailableAsync(scanner.Address);
        await Assert.ThrowsAsync<ScannerUnavailableException>(() => new FileScanner(scanner.Address).PingAsync(Long, default));
    }

    [Fact]
    public async Task An_endless_answer_is_not_listened_to()
    {
        using var scanner = FakeScanner.Saying([.. Enumerable.Repeat((byte)'x', 1_000_000)]);
        await UnavailableAsync(scanner.Address);
    }

    [Fact]
    public async Task That_the_bytes_cannot_be_read_is_not_blamed_on_the_scanner()
    {
        using var silent = FakeScanner.Silent();
        await using var content = new UnreadableStream();
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => new FileScanner(silent.Address).ScanAsync(content, Long, default));
    }

    [Fact]
    public async Task Whoever_asked_may_stop_waiting()
    {
        using var silent = FakeScanner.Silent();
        using var stop = new CancellationTokenSource(Short);
        using var content = new MemoryStream(new byte[10]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FileScanner(silent.Address).ScanAsync(content, Long, stop.Token));
    }

    [Theory]
    [InlineData("clamd")]
    [InlineData("clamd:")]
    [InlineData("http://clamd:3310")]
    [InlineData("clamd:3310/path")]
    public void An_address_that_is_none_is_refused(string address) => Assert.Throws<ArgumentException>(() => new FileScanner(address));

    [Fact]
    public async Task Without_an_address_everything_is_clean_and_production_says_so_once()
    {
        var log = new Lines();
        var nothing = new ConfigurationBuilder().Build();
        var scanner = FileScanner.From(nothing, new HostingEnvironment { EnvironmentName = "Production" }, log);
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(ClamServer.Harmful));
        Assert.Equal(ScanVerdict.Clean, (await scanner.ScanAsync(content, Short, default)).Verdict);
        await scanner.PingAsync(Short, default);
        Assert.Contains("not scanned for viruses", Assert.Single(log.All));
        FileScanner.From(nothing, new HostingEnvironment { EnvironmentName = "Development" }, log);
        Assert.Single(log.All);
    }

    sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new FileStoreUnavailableException("away", new IOException());
    }

    sealed class Lines : ILogger<FileScanner>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception));
    }
}
