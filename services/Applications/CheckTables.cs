using Grants.Applications.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications;

/// <summary>Tables of the check: its fields while it is being done, clarifications, and what came on paper or by mail.</summary>
static class CheckTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<CheckField>(e =>
        {
            e.ToTable("check_fields");
            e.HasKey(x => new { x.ApplicationId, x.Field });
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<Clarification>(e =>
        {
            e.ToTable("clarifications");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Property(x => x.AnswerVersion).IsConcurrencyToken();
            e.HasIndex(x => x.ApplicationId);
            // Asked for every second by the job that ends them.
            e.HasIndex(x => x.CloseDueAt);
        });
        model.Entity<RegisteredArrival>(e =>
        {
            e.ToTable("registered_arrivals");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.HasIndex(x => new { x.CallId, x.RegistryNumber }).IsUnique();
        });
    }
}
