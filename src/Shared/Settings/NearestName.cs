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

    /// <summary>How many letters must be inserted, deleted or changed (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, 1 + Math.Min(row[j], diagonal));
            }
        }

        return row[to.Length];
    }
}
