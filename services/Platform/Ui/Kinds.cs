namespace Grants.Platform.Ui;

/// <summary>What a button does.</summary>
public enum ButtonKind
{
    /// <summary>The page's one main action.</summary>
    Primary,

    /// <summary>Anything else.</summary>
    Secondary,

    /// <summary>An action that cannot be undone.</summary>
    Warning,
}

/// <summary>What a tag's colour means; the word in it says the same.</summary>
public enum TagColour
{
    /// <summary>Nothing to do.</summary>
    Neutral,

    /// <summary>Somebody must do something.</summary>
    Waiting,

    /// <summary>In progress, open.</summary>
    Active,

    /// <summary>Finished well.</summary>
    Done,

    /// <summary>Wrong or refused.</summary>
    Error,
}

/// <summary>What a notice is about.</summary>
public enum NoticeKind
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Something was done.</summary>
    Success,

    /// <summary>Something to mind before going on.</summary>
    Warning,

    /// <summary>Something did not work.</summary>
    Error,
}
