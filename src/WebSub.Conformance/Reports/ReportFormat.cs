namespace WebSub.Conformance.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>A page for people, complete in itself; prints well.</summary>
    Html,

    /// <summary>One object for programs.</summary>
    Json,

    /// <summary>JUnit's XML, which build servers show.</summary>
    JUnit,
}
