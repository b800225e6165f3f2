using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebSub.Publisher;

/// <summary>
/// <c>&lt;websub-links /&gt;</c>: the <c>&lt;link&gt;</c> elements for hubs and topic; it belongs in the <c>&lt;head&gt;</c> (D6).
/// Import it with <c>@addTagHelper *, WebSub.Publisher</c>.
/// </summary>
[HtmlTargetElement("websub-links", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class WebSubLinksTagHelper : TagHelper
{
    /// <summary>The topic, if it is not the URL of the page itself: for example the feed of a blog.</summary>
    public string? Self { get; set; }

    /// <summary>The context in which the page is rendered.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext? ViewContext { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var links = ViewContext!.HttpContext.GetWebSubLinks();
        output.TagName = null;
        output.Content.SetHtmlContent((Self is null ? links : links with { Self = Self }).ToHtml());
    }
}
