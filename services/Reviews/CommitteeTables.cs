using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews;

/// <summary>Tables of the committee and of what becomes of decisions.</summary>
static class CommitteeTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<CommitteeGrant>(e =>
        {
            e.ToTable("committee_grants");
            e.HasKey(x => x.RoleGrantId);
            e.Property(x => x.RoleGrantId).ValueGeneratedNever();
        });
        model.Entity<CommitteeMeeting>(e =>
        {
            e.ToTable("committee_meetings");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.CallId);
            e.HasMany(x => x.Present).WithOne().HasForeignKey(x => x.MeetingId);
            e.IsImmutable();
        });
        model.Entity<MeetingMember>(e =>
        {
            e.ToTable("meeting_members");
            e.HasKey(x => new { x.MeetingId, x.PersonId });
            e.IsImmutable();
        });
        model.Entity<Recusal>(e =>
        {
            e.ToTable("recusals");
            e.HasKey(x => new { x.ApplicationId, x.PersonId });
            e.HasIndex(x => x.CallId);
            e.IsImmutable();
        });
        model.Entity<LapsedAward>(e =>
        {
            e.ToTable("lapsed_awards");
            e.HasKey(x => new { x.ApplicationId, x.DecisionNumber });
            e.Property(x => x.Currency).HasMaxLength(3);
            e.Property(x => x.Cause).HasMaxLength(40);
            e.IsImmutable();
        });
    }
}
