using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Grants.Platform.Persistence;

/// <summary>
/// Lets <c>dotnet ef</c> make a service's context without its host. A service derives one line from it for each of its two contexts:
/// <c>sealed class SqliteApplicationsFactory : DesignTimeFactory&lt;SqliteApplicationsDb&gt;;</c>. The provider follows from the context's name.
/// </summary>
/// <typeparam name="TDb">A sealed provider-specific context whose constructor takes its <see cref="DbContextOptions{TContext}"/>.</typeparam>
public abstract class DesignTimeFactory<TDb> : IDesignTimeDbContextFactory<TDb> where TDb : DbContext
{
    /// <inheritdoc />
    public TDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<TDb>();
        // No tool opens the connection: it only needs to know the provider.
        if (typeof(TDb).Name.StartsWith("Postgres", StringComparison.Ordinal)) options.UseNpgsql("Host=localhost");
        else options.UseSqlite("Data Source=:memory:");

        return (TDb)Activator.CreateInstance(typeof(TDb), options.Options)!;
    }
}
