using Grants.Applications.Domain;

namespace Grants.Applications.Tests.Domain;

public sealed class FieldSavingTests
{
    [Fact]
    public void A_change_of_what_is_stored_is_saved() => Assert.Equal(SaveOutcome.Saved, FieldSaving.Decide(FieldToken.Of(3, "old"), 3, "old", "new"));

    [Fact]
    public void A_first_text_is_saved() => Assert.Equal(SaveOutcome.Saved, FieldSaving.Decide(FieldToken.Parse(""), 0, "", "new"));

    [Fact]
    public void A_change_of_what_somebody_else_changed_is_a_conflict() => Assert.Equal(SaveOutcome.Conflict, FieldSaving.Decide(FieldToken.Of(3, "old"), 4, "theirs", "mine"));

    [Fact]
    public void An_older_page_whose_field_was_not_touched_changes_nothing() => Assert.Equal(SaveOutcome.Nothing, FieldSaving.Decide(FieldToken.Of(3, "old"), 4, "theirs", "old"));

    [Fact]
    public void The_same_text_twice_is_no_conflict() => Assert.Equal(SaveOutcome.Nothing, FieldSaving.Decide(FieldToken.Of(3, "old"), 4, "same", "same"));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1.abc")]
    [InlineData("99999999999999999999.abc")]
    public void A_token_that_is_none_reads_as_never_saved(string posted) => Assert.Equal(FieldToken.Of(0, ""), FieldToken.Parse(posted));
}
