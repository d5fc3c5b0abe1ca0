using Grants.Platform.Hosting;

namespace Grants.Testing;

/// <summary>The database that services under test run on: SQLite, or PostgreSQL when the variable <c>GRANTS_TEST_DATABASE</c> is <c>postgres</c>.</summary>
public static class TestDatabase
{
    // Beside the data: a service started again in the same folder finds the same database.
    const string Note = "postgres";

    /// <summary>Whether it is PostgreSQL.</summary>
    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("GRANTS_TEST_DATABASE") switch
    {
        null or "" or "sqlite" => false,
        "postgres" => true,
        var other => throw new InvalidOperationException($"GRANTS_TEST_DATABASE is '{other}'; it can be 'sqlite' or 'postgres'."),
    };

    /// <summary>Command line of a service whose data is in this folder. Its database is made at the first call.</summary>
    /// <param name="service">The service.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="settings">Settings of the test's own; they may name a database.</param>
    public static async Task<IReadOnlyList<string>> ArgumentsAsync(ServiceDefinition service, string folder, params (string Key, string Value)[] settings)
    {
        var note = Path.Combine(folder, Note);
        if (IsPostgres && !File.Exists(note) && settings.All(setting => setting.Key != "Database:Provider"))
            settings = [.. await PostgresServer.NewDatabaseAsync(service), .. settings];
        var named = settings.FirstOrDefault(setting => setting.Key == $"ConnectionStrings:{service.Name}").Value;
        if (named is not null) await File.WriteAllTextAsync(note, named);
        else if (File.Exists(note)) settings = [("Database:Provider", "postgres"), ($"ConnectionStrings:{service.Name}", await File.ReadAllTextAsync(note)), .. settings];
        return [$"--Data:Folder={folder}", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
    }

    /// <summary>Deletes the folder and the database that belongs to it.</summary>
    public static void Delete(string folder)
    {
        var note = Path.Combine(folder, Note);
        if (File.Exists(note)) PostgresServer.Drop(File.ReadAllText(note));
        Directory.Delete(folder, recursive: true);
    }
}
