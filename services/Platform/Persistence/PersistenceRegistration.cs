using Grants.Platform.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Persistence;

/// <summary>Registers services' databases on the provider that the settings name.</summary>
public static class PersistenceRegistration
{
    /// <summary>
    /// Registers the service's context. <c>Database:Provider</c> is <c>sqlite</c> (default; a file <c>{name}.db</c> in <c>Data:Folder</c>) or
    /// <c>postgres</c> (<c>ConnectionStrings:{name}</c>). Interceptors registered as <see cref="IInterceptor"/> are attached to every context.
    /// </summary>
    public static void AddServiceDb(this IServiceCollection services, ServiceDefinition definition, IConfiguration configuration, IHostEnvironment environment)
    {
        if (environment.IsProduction() && configuration["Database:Synchronous"] is not (null or "FULL"))
            throw new InvalidOperationException("Database:Synchronous other than FULL may lose the last commits on power loss; production refuses it.");

        typeof(PersistenceRegistration).GetMethod(nameof(Add), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(definition.DbType, definition.SqliteDbType, definition.PostgresDbType).Invoke(null, [services, definition]);
    }

    /// <summary>The provider that the settings name.</summary>
    public static bool IsPostgres(this IConfiguration configuration) => configuration["Database:Provider"] switch
    {
        null or "" or "sqlite" => false,
        "postgres" => true,
        var other => throw new InvalidOperationException($"Database:Provider is '{other}'; it can be 'sqlite' or 'postgres'."),
    };

    /// <summary>Absolute folder of the SQLite files.</summary>
    public static string DataFolder(this IConfiguration configuration) => Path.GetFullPath(configuration["Data:Folder"] is { Length: > 0 } folder ? folder : "data");

    /// <summary>Configures a context for one SQLite file: also for tests and tools that build a context by hand.</summary>
    public static DbContextOptionsBuilder UseServiceSqlite(this DbContextOptionsBuilder options, string file, string? synchronous = null)
    {
        // The time-out is also the wait for BEGIN, which a command's own time-out does not shorten.
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString();
        return options.UseSqlite(connection).AddInterceptors(SqliteSettings.For(synchronous), SqliteTurn.Of(Path.GetFullPath(file)));
    }

    // In front of the installation's own connection string, whose words are the later ones and hold. The driver would let each process take 100 connections,
    // all that a server has by default, and would not notice for hours that the line to the server was cut. Nor would the server: what a lost process held locked,
    // such as the turn to relay, it lets go when a transaction has been idle for a minute.
    const string PostgresDefaults = "Maximum Pool Size=20;Timeout=10;Keepalive=30;Options=\"-c idle_in_transaction_session_timeout=60000\";";

    // Whether the migrations fit the model is a question for tests, which ask it for every service; asked at each start it costs a second model and a comparison.
    static void LeaveToTests(WarningsConfigurationBuilder warnings) => warnings.Ignore(RelationalEventId.PendingModelChangesWarning);

    // Provider and place are read when a context is made, not here: a test host adds its settings after registration.
    static void Add<TDb, TSqlite, TPostgres>(IServiceCollection services, ServiceDefinition definition)
        where TDb : DbContext where TSqlite : TDb where TPostgres : TDb
    {
        services.AddDbContext<TSqlite>((provider, options) =>
        {
            var configuration = provider.GetRequiredService<IConfiguration>();
            var folder = Directory.CreateDirectory(configuration.DataFolder()).FullName;
            options.UseServiceSqlite(Path.Combine(folder, $"{definition.Name}.db"), configuration["Database:Synchronous"])
                .AddInterceptors(provider.GetServices<IInterceptor>()).ConfigureWarnings(LeaveToTests);
        });
        services.AddDbContext<TPostgres>((provider, options) =>
        {
            var connection = provider.GetRequiredService<IConfiguration>().GetConnectionString(definition.Name)
                ?? throw new InvalidOperationException($"ConnectionStrings:{definition.Name} is missing.");
            // No retries by EF: they cannot be used with transactions of our own, whose handlers, forms and relays are tried again as a whole.
            options.UseNpgsql(PostgresDefaults + connection).AddInterceptors(provider.GetServices<IInterceptor>()).ConfigureWarnings(LeaveToTests);
        });
        services.AddScoped<TDb>(provider => provider.GetRequiredService<IConfiguration>().IsPostgres()
            ? provider.GetRequiredService<TPostgres>()
            : provider.GetRequiredService<TSqlite>());
    }
}
