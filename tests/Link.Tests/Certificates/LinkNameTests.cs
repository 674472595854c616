using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Tests.Certificates;

public sealed class LinkNameTests
{
    [Fact]
    public void Names_survive_the_way_through_their_URI()
    {
        foreach (var name in new[] { LinkName.Silo("heart-study"), LinkName.Hospital("heart-study", "st-anna") })
        {
            Assert.True(LinkName.TryParse(name.Uri, out var read));
            Assert.Equal(name, read);
        }
    }

    [Fact]
    public void A_federation_called_like_a_part_of_a_name_is_still_read_rightly()
    {
        Assert.True(LinkName.TryParse("urn:fo:silo:hospital:hospital", out var name));
        Assert.Equal(LinkName.Hospital("silo", "hospital"), name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("urn:fo:")]
    [InlineData("urn:fo:heart-study")]
    [InlineData("urn:fo:heart-study:silo:")]
    [InlineData("urn:fo:heart-study:silo\n")]
    [InlineData("urn:fo:heart-study:silo:x1")]
    [InlineData("urn:fo:heart-study:hospital")]
    [InlineData("urn:fo:heart-study:hospital:")]
    [InlineData("urn:fo:heart-study:hospital:st-anna\n")]
    [InlineData("urn:fo:heart-study:hospital:st-anna:silo")]
    [InlineData("urn:fo:heart-study\n:silo")]
    [InlineData("urn:fo:Heart-study:silo")]
    [InlineData("URN:FO:heart-study:silo")]
    [InlineData("urn:fo:heart-study:hospital:st%2Danna")]
    public void Anything_else_is_no_name(string? uri) => Assert.False(LinkName.TryParse(uri, out _));
}
