namespace WebSub.LoadTests.Receiving;

/// <summary>A good delivery.</summary>
/// <param name="Update">The number of the update.</param>
/// <param name="At">When it came, on the machine's monotonic clock.</param>
/// <param name="IsRepeat">Whether its callback had just had the same update.</param>
internal readonly record struct Arrival(int Update, long At, bool IsRepeat);
