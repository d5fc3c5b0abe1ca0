using Grants.Notifications.Domain;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>Ends of text keys, and colours, of what letters are and where they stand.</summary>
static class LetterWords
{
    public static string Key(LetterState state) => state switch
    {
        LetterState.Held => "held",
        LetterState.Released => "released",
        LetterState.Dropped => "dropped",
        _ => "superseded",
    };

    public static string Key(LetterKind kind) => kind switch
    {
        LetterKind.Award => "award",
        LetterKind.Reserve => "reserve",
        _ => "rejection",
    };

    public static TagColour Colour(LetterState state) => state switch
    {
        LetterState.Held => TagColour.Waiting,
        LetterState.Released => TagColour.Done,
        _ => TagColour.Neutral,
    };
}
