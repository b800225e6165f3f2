using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebSub.Publisher;

/// <summary>
/// <c>&lt;websub-links /&gt;</c>: the <c>&lt;link&gt;</c> elements for hubs and topic; it belongs in the <c>&lt;head&gt;</c> (D6). On error
/// pages it writes nothing. Import it with <c>@addTagHelper *, WebSub.Publisher</c>.
/// </summary>
[HtmlTargetElement("websub-links", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class WebSubLinksTagHelper : TagHelper
{
    /// <summary>
    /// The topic, if it is not the URL of the page itself: a path below the app's address, for example <c>/feed</c>, or a URL. The
    /// <c>Link</c> header names the same one, unless the response has started.
    /// </summary>
    public string? Self { get; set; }

    /// <summary>The context in which the page is rendered.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext? ViewContext { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        output.Content.SetHtmlContent(ViewContext!.HttpContext.GetLinksNaming(Self).ToHtml());
    }
}
