namespace Demo.Feed;

/// <summary>What the observatory writes about, in the languages of its visitors.</summary>
internal static class Stories
{
    private static readonly (string Title, string Author, string Category, string Language, string Html)[] All =
    [
        (
            "Nordlicht über dem Höhenberg",
            "Jürgen Weiß",
            "Beobachtung",
            "de",
            "<p>Gegen 2:40 Uhr stand der Himmel in <em>grünem</em> Licht: Kp 7, Sonnenwind 690 km/s.</p>"
        ),
        (
            "Portes ouvertes : l’été à l’œil nu",
            "Zoë Lefèvre",
            "Visites",
            "fr",
            "<p>Samedi dès 21 h, sous la coupole. Entrée libre, café offert — même s’il pleut.</p>"
        ),
        ("月食観測会のお知らせ", "佐藤 結衣", "観望会", "ja", "<p>今夜の皆既月食を屋上で観測します。雨天の場合は中止です。</p>"),
        (
            "Perseiden: 112 Meteore je Stunde",
            "Jürgen Weiß",
            "Beobachtung",
            "de",
            "<p>Vier Kameras, 5 h 20 min, Grenzgröße 6,1 mag. Die hellste Feuerkugel erreichte −8 mag.</p>"
        ),
        (
            "Seeing 0.8″ & no wind: dome open",
            "Siobhán Ní Bhriain",
            "Conditions",
            "en",
            "<p>Best night since May. Observers may book the 60 cm telescope until 03:30&nbsp;UTC.</p>"
        ),
        ("Έκλειψη Σελήνης την Παρασκευή", "Ελένη Παππά", "Εκδηλώσεις", "el", "<p>Η μερική φάση αρχίζει στις 22:13· φέρτε μπουφάν.</p>"),
        (
            "Größter Sonnenfleck seit 2014",
            "Jürgen Weiß",
            "Sonne",
            "de",
            "<p>Mit Finsternisbrille ohne Fernrohr zu sehen. <strong>Nie ungeschützt in die Sonne schauen!</strong></p>"
        ),
        (
            "Звёздный атлас: исправлены 3 карты",
            "Олена Коваль",
            "Библиотека",
            "ru",
            "<p>Координаты в таблице 4 теперь даны на эпоху J2000,0.</p>"
        ),
    ];

    /// <summary>The Nth story, from 1; after the last one they start over, as new entries.</summary>
    public static Story Get(int number, DateTimeOffset published)
    {
        var (title, author, category, language, html) = All[(number - 1) % All.Length];
        var round = ((number - 1) / All.Length) + 1;
        return new(number, round == 1 ? title : $"{title} ({round})", author, category, language, html, published);
    }
}
