namespace WebSub.Work;

public sealed class ChanceTests
{
    [Fact]
    public void Next_OfATest_IsWhatItSays() => Assert.Equal(0.25, new Chance(() => 0.25).Next());

    [Fact]
    public void Next_Real_IsFromZeroUpToOne_AndNotAlwaysTheSame()
    {
        var numbers = Enumerable.Range(0, 1000).Select(_ => Chance.Real.Next()).ToList();

        Assert.All(numbers, n => Assert.InRange(n, 0, 0.9999999999999999));
        Assert.True(numbers.Distinct().Count() > 1);
    }
}
