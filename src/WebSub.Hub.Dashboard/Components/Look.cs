using MudBlazor;

namespace WebSub.Hub.Dashboard.Components;

/// <summary>
/// The theme in the light; <c>dashboard.css</c> has what differs in the dark, so that the first picture is right before any script runs.
/// </summary>
internal static class Look
{
    public static MudTheme Theme { get; } =
        new()
        {
            PaletteLight = new PaletteLight { Primary = "#0b62a8", AppbarBackground = "#ffffff" },
            Typography = new()
            {
                Default = new DefaultTypography { FontFamily = ["system-ui", "sans-serif"], FontSize = "0.95rem" },
            },
            LayoutProperties = new() { DefaultBorderRadius = "6px" },
        };
}
