using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Contracts;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grants.Platform.Tests.Messaging;

public sealed record Said(Guid About, long SubjectVersion, DateTimeOffset At, string Text) : IEvent
{
    public string Subject => About.ToString();
}

public sealed record Answered(Guid About, long SubjectVersion, DateTimeOffset At, string Text) : IApplicationEvent
{
    public string Subject => About.ToString();
    public Guid ApplicationId => About;
}

public sealed record NobodyListens(Guid About, long SubjectVersion, DateTimeOffset At) : IEvent
{
    public string Subject => About.ToString();
}

public sealed class Note
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string Text { get; init; } = "";
}

public abstract class TalkDb(DbContextOptions options) : ServiceDb(options)
{
    protected override void Configure(ModelBuilder model) => model.Entity<Note>(note =>
    {
        note.ToTable("notes", table => table.HasCheckConstraint("ck_notes_text", "text <> 'forbidden'"));
        note.HasIndex(x => x.Text).IsUnique();
    });
}

public abstract class AlphaDb(DbContextOptions options) : TalkDb(options);
public sealed class SqliteAlphaDb(DbContextOptions<SqliteAlphaDb> options) : AlphaDb(options);
public sealed class PostgresAlphaDb(DbContextOptions<PostgresAlphaDb> options) : AlphaDb(options);
public abstract class BetaDb(DbContextOptions options) : TalkDb(options);
public sealed class SqliteBetaDb(DbContextOptions<SqliteBetaDb> options) : BetaDb(options);
public sealed class PostgresBetaDb(DbContextOptions<PostgresBetaDb> options) : BetaDb(options);

/// <summary>What the handlers of a world do besides their effect: tests replace it.</summary>
public sealed class Script
{
    int calls;

    public Func<string, DbContext, CancellationToken, Task> First { get; set; } = (_, _, _) => Task.CompletedTask;
    public Func<string, DbContext, CancellationToken, Task> Second { get; set; } = (_, _, _) => Task.CompletedTask;
    public int Calls => Volatile.Read(ref calls);
    public void Called() => Interlocked.Increment(ref calls);
    public ConcurrentQueue<(string Subject, string Text)> Handled { get; } = new();
    public ConcurrentQueue<ActivityTraceId?> Traces { get; } = new();
}

/// <summary>Notes what was said and answers.</summary>
public sealed class OnSaid(BetaDb db, Script script) : IHandle<Said>
{
    public async Task Handle(Said message, CancellationToken ct)
    {
        script.Traces.Enqueue(Activity.Current?.TraceId);
        script.Called();
        await script.First(message.Text, db, ct);
        db.Add(new Note { Text = message.Text });
        db.Publish(new Answered(message.About, message.SubjectVersion, message.At, message.Text));
        script.Handled.Enqueue((message.Subject, message.Text));
    }
}

/// <summary>A second listener of the same event, in the service that published it.</summary>
public sealed class OnSaidToo(AlphaDb db, Script script) : IHandle<Said>
{
    public async Task Handle(Said message, CancellationToken ct)
    {
        await script.Second(message.Text, db, ct);
        db.Add(new Note { Text = message.Text });
    }
}

/// <summary>Notes the answer.</summary>
public sealed class OnAnswered(AlphaDb db) : IHandle<Answered>
{
    public Task Handle(Answered message, CancellationToken ct)
    {
        db.Add(new Note { Text = "answer to " + message.Text });
        return Task.CompletedTask;
    }
}

/// <summary>
/// Two services in one process, with the safety poll off: what is not woken stays where it is. On SQLite files of their own and messages in memory, or, when
/// <c>GRANTS_TEST_DATABASE</c> says <c>postgres</c>, on databases and a virtual host of their own.
/// </summary>
public sealed class World : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2027, 1, 4, 9, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether these tests run on PostgreSQL and RabbitMQ.</summary>
    public static readonly bool OnBroker = Environment.GetEnvironmentVariable("GRANTS_TEST_DATABASE") == "postgres";

    // By folder, so that a world that starts again finds its data, and knows what the one before had sent.
    static readonly ConcurrentDictionary<string, Dictionary<string, string?>> Places = new();
    static readonly ConcurrentDictionary<string, ConcurrentDictionary<Guid, Type>> Sent = new();

    readonly IHost host;
    readonly bool ownsFolder, broker;

    World(IHost host, string folder, bool ownsFolder, bool broker, FakeTime time, Script script)
    {
        this.host = host;
        this.broker = broker;
        this.ownsFolder = ownsFolder;
        Folder = folder;
        Time = time;
        Script = script;
    }

    public string Folder { get; }
    public FakeTime Time { get; }
    public Script Script { get; }
    public IServiceProvider Services => host.Services;

    public static ServiceDefinition Alpha => ServiceDefinition.For<AlphaDb, SqliteAlphaDb, PostgresAlphaDb>("alpha")
        .Subscribe<Said, OnSaidToo>().Subscribe<Answered, OnAnswered>();

    public static ServiceDefinition Beta => ServiceDefinition.For<BetaDb, SqliteBetaDb, PostgresBetaDb>("beta").Subscribe<Said, OnSaid>();

    public static async Task<World> StartAsync(
        string? folder = null, Action<IServiceCollection>? configure = null, Script? script = null, bool? onBroker = null, params (string Key, string Value)[] settings)
    {
        var broker = onBroker ?? OnBroker;
        var place = folder ?? Directory.CreateTempSubdirectory("grants-world-").FullName;
        var time = new FakeTime(Now);
        script ??= new Script();
        IReadOnlyList<ServiceDefinition> definitions = [Alpha, Beta];
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Folder"] = place,
            ["Database:Synchronous"] = "NORMAL",
            ["Messaging:PollMilliseconds"] = "0",
            ["Messaging:RetryMilliseconds"] = "1",
            ["Messaging:HoldMilliseconds"] = "20",
        });
        if (broker) builder.Configuration.AddInMemoryCollection(Places.GetOrAdd(place, _ => Place()));
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new AppTime(time));
        builder.Services.AddSingleton(script);
        foreach (var definition in definitions) builder.Services.AddServiceDb(definition, builder.Configuration, builder.Environment);
        builder.Services.AddMessaging(definitions, builder.Configuration);
        builder.Services.AddSingleton(Sent.GetOrAdd(place, _ => []));
        builder.Services.AddPublishObserver<SentObserver>();
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        foreach (var definition in definitions)
        {
            await using var scope = host.Services.CreateAsyncScope();
            await Migrator.CreateAsync((DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType));
        }

        await host.StartAsync();
        // A process starts without its broker; these tests put things on queues, which must be there.
        if (broker) await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Patience);
        return new World(host, place, folder is null, broker, time, script);
    }

    static Dictionary<string, string?> Place() => new()
    {
        ["Database:Provider"] = "postgres",
        ["Messaging:Transport"] = "rabbitmq",
        ["ConnectionStrings:alpha"] = PostgresServer.NewDatabase() + ";Maximum Pool Size=12",
        ["ConnectionStrings:beta"] = PostgresServer.NewDatabase() + ";Maximum Pool Size=12",
        ["ConnectionStrings:rabbitmq"] = RabbitServer.NewHost(),
    };

    public Task<TResult> In<TDb, TResult>(Func<TDb, Task<TResult>> action) where TDb : DbContext => Run(action);

    public Task In<TDb>(Func<TDb, Task> action) where TDb : DbContext => Run<TDb, int>(async db =>
    {
        await action(db);
        return 0;
    });

    async Task<TResult> Run<TDb, TResult>(Func<TDb, Task<TResult>> action) where TDb : DbContext
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>Says these things from alpha, each about its own subject unless one is given.</summary>
    public Task SayAsync(params string[] texts) => SayAsync(null, texts);

    public Task SayAsync(Guid? about, params string[] texts) => In<AlphaDb>(async db =>
    {
        foreach (var text in texts) db.Publish(new Said(about ?? Guid.CreateVersion7(), 1, Now, text));
        await db.SaveChangesAsync();
    });

    public async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await host.Services.GetRequiredService<MessagingIdle>().WaitAsync(patience.Token);
        if (!broker) return;
        // An empty outbox says that the broker has the messages; the inboxes say that the services have.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await AllArrivedAsync()) await pause.WaitForNextTickAsync(patience.Token);
        await host.Services.GetRequiredService<MessagingIdle>().WaitAsync(patience.Token);
        if (!await AllArrivedAsync()) await IdleAsync();
    }

    async Task<bool> AllArrivedAsync()
    {
        var arrived = new HashSet<(Guid, string)>();
        await using var scope = host.Services.CreateAsyncScope();
        foreach (var db in (DbContext[])[scope.ServiceProvider.GetRequiredService<AlphaDb>(), scope.ServiceProvider.GetRequiredService<BetaDb>()])
            arrived.UnionWith((await db.Set<InboxMessage>().Select(row => new { row.MessageId, row.Consumer }).ToListAsync()).Select(row => (row.MessageId, row.Consumer)));
        var subscriptions = host.Services.GetRequiredService<Subscriptions>();
        return Sent[Folder].All(sent => subscriptions.QueuesOf(sent.Value).All(queue => arrived.Contains((sent.Key, queue))));
    }

    public Task<List<string>> Notes<TDb>() where TDb : DbContext => In<TDb, List<string>>(db => db.Set<Note>().Select(note => note.Text).Order().ToListAsync());

    public Task<int> Count<TDb, TEntity>() where TDb : DbContext where TEntity : class => In<TDb, int>(db => db.Set<TEntity>().CountAsync());

    public void Wake() => host.Services.GetRequiredService<OutboxSignals>().Wake(typeof(AlphaDb));

    /// <summary>Ends in order.</summary>
    public Task StopAsync() => host.StopAsync();

    /// <summary>Ends as a killed process does: nothing in flight is finished, all of memory is gone.</summary>
    public async Task KillAsync()
    {
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
        if (!broker) return;
        await CutAsync();
        await RabbitServer.CutAsync(Places[Folder]["ConnectionStrings:rabbitmq"]!);
    }

    /// <summary>Ends the connections that a process takes with it when it goes.</summary>
    async Task CutAsync()
    {
        foreach (var name in new[] { "alpha", "beta" })
        {
            await using var connection = new NpgsqlConnection(Places[Folder][$"ConnectionStrings:{name}"] + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
            await command.ExecuteNonQueryAsync();
            await using var pooled = new NpgsqlConnection(Places[Folder][$"ConnectionStrings:{name}"]);
            NpgsqlConnection.ClearPool(pooled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        if (broker) await CutAsync();
        if (ownsFolder) Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Notes what was handed to the transport.</summary>
sealed class SentObserver(ConcurrentDictionary<Guid, Type> sent) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        sent[context.MessageId!.Value] = typeof(T);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}

/// <summary>Waits for a condition that another thread brings about.</summary>
static class Eventually
{
    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(started.Elapsed < World.Patience, $"Never came true: {what}");
            await Task.Yield();
        }
    }
}

/// <summary>Stops, or breaks, what the database is asked to do.</summary>
public sealed class Trap : DbCommandInterceptor, IDbTransactionInterceptor
{
    readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody is in the trap.</summary>
    public Task Reached => reached.Task.WaitAsync(World.Patience);

    /// <summary>Freezes whoever sends such a command; its text comes in capitals and without quotes, which the databases set differently.</summary>
    public Func<string, DbContext?, bool> FreezeCommand { get; set; } = (_, _) => false;

    /// <summary>Freezes whoever is about to commit.</summary>
    public Func<DbContext?, bool> FreezeBeforeCommit { get; set; } = _ => false;

    /// <summary>Freezes whoever has just committed.</summary>
    public Func<DbContext?, bool> FreezeAfterCommit { get; set; } = _ => false;

    /// <summary>Breaks such commands.</summary>
    public Func<string, DbContext?, bool> Break { get; set; } = (_, _) => false;

    public override async ValueTask<InterceptionResult<System.Data.Common.DbDataReader>> ReaderExecutingAsync(
        System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<System.Data.Common.DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await Meet(command.CommandText.Replace("\"", "", StringComparison.Ordinal).ToUpperInvariant(), eventData.Context, cancellationToken);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await Meet(command.CommandText.Replace("\"", "", StringComparison.Ordinal).ToUpperInvariant(), eventData.Context, cancellationToken);
        return result;
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        System.Data.Common.DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (FreezeBeforeCommit(eventData.Context)) await Freeze(cancellationToken);
        return result;
    }

    public async Task TransactionCommittedAsync(System.Data.Common.DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (FreezeAfterCommit(eventData.Context)) await Freeze(cancellationToken);
    }

    public async Task Freeze(CancellationToken ct)
    {
        reached.TrySetResult();
        await Task.Delay(Timeout.Infinite, ct);
    }

    async Task Meet(string sql, DbContext? db, CancellationToken ct)
    {
        if (Break(sql, db)) throw new InvalidOperationException("Broken by the test.");
        if (FreezeCommand(sql, db)) await Freeze(ct);
    }
}

/// <summary>Makes the bus refuse some messages.</summary>
public sealed class Refusal(Func<object, bool> refuses) : IPublishObserver
{
    int attempts;

    public int Attempts => Volatile.Read(ref attempts);
    public Func<object, bool> Refuses { get; set; } = refuses;
    public Func<Exception> With { get; init; } = () => new InvalidOperationException("This message cannot be sent.");

    public Task PrePublish<T>(PublishContext<T> context) where T : class
    {
        if (!Refuses(context.Message)) return Task.CompletedTask;
        Interlocked.Increment(ref attempts);
        throw With();
    }

    public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;
    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
