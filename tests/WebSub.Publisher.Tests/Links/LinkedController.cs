using Microsoft.AspNetCore.Mvc;

namespace WebSub.Publisher.Links;

/// <summary>What a user of MVC writes.</summary>
[Route("mvc")]
public sealed class LinkedController : ControllerBase
{
    [HttpGet("with")]
    [WebSubLinks]
    public IActionResult With() => Ok("linked");

    [HttpGet("missing")]
    [WebSubLinks]
    public IActionResult Missing() => NotFound();

    [HttpGet("without")]
    public IActionResult Without() => Ok("not linked");

    [HttpGet("named")]
    [WebSubLinks(Self = "/feed")]
    public IActionResult Named() => Ok("linked");

    [HttpGet("paged")]
    [WebSubLinks(Query = ["page"])]
    public IActionResult Paged() => Ok("linked");
}
