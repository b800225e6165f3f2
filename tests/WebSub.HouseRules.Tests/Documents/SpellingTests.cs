using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>
/// The misspellings that are made most often, and words written in two ways, do not stand in a page. A dictionary is not asked: it does
/// not know half of the words of this field.
/// </summary>
public sealed partial class SpellingTests
{
    private static readonly HashSet<string> Misspelt = new(
        """
        accomodate acheive accross adress agressive alot aquire apparant arguement assymetric asyncronous asynchronosly availible
        basicly begining beleive calender catagory certian comming commited comparision compatability completly concious conection
        consistant convienient correspondance decieve definately depencency dependancy desribe developement diffrent dissapear efficency
        embarass enviroment equiped existance explicitely familar feild finaly follwing foward futher garantee grammer guarentee happend
        heirarchy identifer immediatly implemention independant infomation initalize intented interupt knowlege lenght libary
        maintainance managment mispell neccessary necesary noticable occassion occured occurence occurrance overriden paramater paramter
        perfomance permenant persistant posible preceeding prefered priviledge probaly proccess propery publically recieve recieved
        recieves recomend refered refering relavent reponse resouce retreive seperate seperately shoud similiar sucess sucessful
        succesful succesfully suprise succed teh temporarly threshhold tommorow transfered truely unneccessary untill usefull verfication
        verifed wether whereever wich wierd writting
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase
    );

    [Fact]
    public void Pages_CommonMisspellings_AreNotInThem()
    {
        var pages = Repository
            .FilesWith(".md")
            .ToDictionary(f => f, f => new MarkdownPage(File.ReadAllText(f)).Prose, StringComparer.Ordinal);

        var found =
            from page in pages
            from Match word in Word().Matches(page.Value)
            where Misspelt.Contains(word.Value)
            select $"{Repository.Name(page.Key)}: {word.Value}";

        Assert.True(pages.Count > 30, $"{pages.Count} pages");
        Findings.AssertNone(found);
    }

    [Fact]
    public void Pages_AWordTwiceInARow_IsNotInThem()
    {
        var found =
            from file in Repository.FilesWith(".md")
            let prose = new MarkdownPage(File.ReadAllText(file)).Prose
            from Match twice in Twice().Matches(prose)
            select $"{Repository.Name(file)}: {twice.Value}";

        Findings.AssertNone(found);
    }

    [GeneratedRegex(@"\p{L}+('\p{L}+)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex(
        @"(?<![\p{L}'-])(?<word>the|a|an|and|of|to|is|in|it|for|with|by|are|be) \k<word>(?![\p{L}'-])",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Twice();
}
