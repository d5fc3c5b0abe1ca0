using Grants.Platform.Hosting;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grants.Platform.Persistence;

/// <summary>
/// Keeps a process waiting until the databases of its services have every migration its code knows. They may have more: during a rolling update the older
/// replicas go on, for migrations only add. While it waits it is alive and not ready, and nothing of it runs: no page, no relay, no consumer, no job.
/// </summary>
static partial class SchemaCheck
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the databases fit; false when the process was told to end meanwhile.</summary>
    public static async Task<bool> WaitAsync(WebApplication app)
    {
        if (!app.Configuration.IsPostgres() || await MissingAsync(app.Services) is not { } missing) return true;
        await using var room = WaitingRoom(app.Configuration);
        await room.StartAsync();
        var told = "";
        using var pause = new PeriodicTimer(LookAgain);
        try
        {
            for (var ending = room.Lifetime.ApplicationStopping; ; missing = await MissingAsync(app.Services, ending))
            {
                if (missing is null) return true;
                if (missing != told) Log.Waiting(app.Logger, missing);
                told = missing;
                await pause.WaitForNextTickAsync(ending);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            await room.StopAsync();
        }
    }

    /// <summary>What the services of the process still wait for, in one sentence; null when nothing.</summary>
    internal static async Task<string?> MissingAsync(IServiceProvider services, CancellationToken ct = default)
    {
        var missing = new List<string>();
        foreach (var definition in services.GetRequiredService<IReadOnlyList<ServiceDefinition>>())
        {
            await using var scope = services.CreateAsyncScope();
            if (await MissingAsync((DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType), ct) is { } what) missing.Add($"{definition.Name}: {what}");
        }

        return missing.Count == 0 ? null : string.Join("; ", missing);
    }

    static async Task<string?> MissingAsync(DbContext db, CancellationToken ct)
    {
        try
        {
            // Not through EF, which would write each refusal into the log, once a second.
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await connection.OpenAsync(ct);
            // Tables may be there before who may use them is settled.
            if (!(await ReadAsync<bool>(connection, $"select pg_try_advisory_xact_lock_shared({Migrator.Lock})", ct))[0]) return "its database is being migrated";
            var begun = (await ReadAsync<bool>(connection, "select to_regclass('\"__EFMigrationsHistory\"') is not null", ct))[0];
            var applied = begun ? await ReadAsync<string>(connection, "select \"MigrationId\" from \"__EFMigrationsHistory\"", ct) : [];
            return db.Database.GetMigrations().Except(applied).LastOrDefault() is { } last ? $"its database lacks migration {last}" : null;
        }
        catch (Exception e) when (e.FromDatabase() is { } error && !ct.IsCancellationRequested)
        {
            return error.Message;
        }
    }

#pragma warning disable CA2100 // the three statements above
    static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var values = new List<T>();
        while (await reader.ReadAsync(ct)) values.Add(reader.GetFieldValue<T>(0));
        return values;
    }
#pragma warning restore CA2100

    // Answers at the same address with the product's own page for a part that is away.
    static WebApplication WaitingRoom(IConfiguration configuration)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new AppTime());
        builder.Services.AddPages();
        var room = builder.Build();
        room.UseErrorPages();
        room.MapGet("/health/live", () => "Waiting");
        room.MapGet("/health/{**check}", () => Results.Text("Waiting for the database", statusCode: StatusCodes.Status503ServiceUnavailable));
        room.MapFallback("{**path}", (HttpContext http) =>
        {
            http.Response.Headers.RetryAfter = "5";
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        });
        return room;
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "Not ready, and looking again every second: {Missing}")]
        public static partial void Waiting(ILogger logger, string missing);
    }
}
