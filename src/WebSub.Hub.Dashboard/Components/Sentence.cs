using WebSub.Storage;

namespace WebSub.Hub.Dashboard.Components;

/// <summary>Failures as sentences for people.</summary>
internal static class Sentence
{
    /// <summary>True for what an operator can do something about; all else ends the page.</summary>
    public static bool IsExpected(Exception failure) =>
        failure is HubFieldException or UnauthorizedAccessException or DatabaseException or System.Data.Common.DbException;

    public static string Of(Exception failure) =>
        failure switch
        {
            HubFieldException field => $"{field.Field}: {field.Message}",
            UnauthorizedAccessException denied => denied.Message,
            // Class 22: what was asked for holds what the database cannot take.
            System.Data.Common.DbException { SqlState: ['2', '2', ..] } => "What was asked for has a character that cannot be stored.",
            DatabaseException or System.Data.Common.DbException => "The database does not answer. Try again in a moment.",
            _ => "Something went wrong; the hub's log says what.",
        };
}
