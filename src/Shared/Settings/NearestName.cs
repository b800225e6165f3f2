namespace WebSub.Settings;

/// <summary>Finds the existing name that was probably meant by one that does not exist.</summary>
internal static class NearestName
{
    /// <summary>The most similar name, if it is similar enough; else one with the same last part; else null.</summary>
    public static string? Find(string wrong, IEnumerable<string> names)
    {
        var all = names.ToList();
        var nearest = all.MinBy(n => Distance(wrong, n));
        if (nearest is not null && Distance(wrong, nearest) <= Math.Max(1, wrong.Length / 4))
            return nearest;
        return all.Find(n => LastOf(n).Equals(LastOf(wrong), StringComparison.OrdinalIgnoreCase));
    }

    private static string LastOf(string name) => name[(name.LastIndexOf(':') + 1)..];

    /// <summary>How many letters must be inserted, deleted or changed, or swapped with the next one (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray());
        for (var i = 0; i < from.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var change = last[j] + (Same(from[i], to[j]) ? 0 : 1);
                row[j + 1] = Math.Min(change, 1 + Math.Min(row[j], last[j + 1]));
                if (i > 0 && j > 0 && Same(from[i], to[j - 1]) && Same(from[i - 1], to[j]))
                    row[j + 1] = Math.Min(row[j + 1], 1 + before[j - 1]);
            }
        }

        return row[to.Length];
    }

    private static bool Same(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
