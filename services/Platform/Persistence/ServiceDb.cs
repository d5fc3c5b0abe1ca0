using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Persistence;

/// <summary>
/// Base of the services' contexts: adds the tables every service has (outbox, inbox, dead letters, audit trail) and the conventions of data.
/// A context that must derive from something else calls <see cref="PlatformModel"/> itself.
/// </summary>
public abstract class ServiceDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Configures the service's own entities.</summary>
    protected abstract void Configure(ModelBuilder model);

    /// <inheritdoc />
    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        Configure(modelBuilder);
        PlatformModel.AddTables(modelBuilder, Database.ProviderName!);
    }

    /// <inheritdoc />
    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => PlatformModel.AddConventions(configurationBuilder);
}
