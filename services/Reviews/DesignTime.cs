using Grants.Platform.Persistence;

namespace Grants.Reviews;

/// <summary>For <c>dotnet ef</c>.</summary>
sealed class SqliteReviewsFactory : DesignTimeFactory<SqliteReviewsDb>;

/// <summary>For <c>dotnet ef</c>.</summary>
sealed class PostgresReviewsFactory : DesignTimeFactory<PostgresReviewsDb>;
