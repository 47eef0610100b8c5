using Billing.Demo.Replay;
using Billing.Service.Charging;

namespace Billing.Tests.Demo.Replay;

public sealed class ServiceOfPathTests
{
    [Theory]
    [InlineData("/blog/geekery/x.html", "blog")]
    [InlineData("/favicon.ico", "favicon.ico")]
    [InlineData("/", "/")]
    [InlineData("//", "/")]
    [InlineData("//favicon.ico", "/")]
    [InlineData("/?page=2", "?page=2")]
    [InlineData("/blog?page=2", "blog?page=2")]
    [InlineData("/blog#top", "blog%23top")]
    [InlineData("/?next=/blog", "?next=")]
    [InlineData("*", "%2A")]
    [InlineData("/../blog", "..")]
    [InlineData("/a%20b", "a%20b")]
    [InlineData("/a%2fb", "a%2fb")]
    [InlineData("/~ann", "%7Eann")]
    [InlineData("/100%", "100%")]
    [InlineData("/a;v=1", "a%3Bv=1")]
    [InlineData("/a=1&b+c:d@e", "a=1&b+c:d@e")]
    [InlineData("/caf\u00C3\u00A9", "caf%C3%A9")]
    [InlineData("http://example.org/blog/x", "blog")]
    [InlineData("HTTPS://example.org:8080/blog", "blog")]
    [InlineData("http://example.org", "/")]
    [InlineData("/http://example.org/", "http:")]
    [InlineData("example.org:443", "example.org:443")]
    public void A_path_names_its_service(string target, string service)
    {
        Assert.Equal(service, ServiceOfPath.Of(target));
        Assert.True(Name.IsValid(service));
    }

    [Fact]
    public void Long_segments_become_names_that_differ_as_they_do()
    {
        var (one, other) = (ServiceOfPath.Of("/" + new string('x', 200) + "1"), ServiceOfPath.Of("/" + new string('x', 200) + "2"));

        Assert.True(Name.IsValid(one));
        Assert.NotEqual(one, other);
        Assert.StartsWith(new string('x', 100), one);
    }

    [Fact]
    public void Whatever_bytes_a_path_has_its_service_has_a_name()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var target = "/" + string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next(1, 256)));
            Assert.True(Name.IsValid(ServiceOfPath.Of(target)), target);
        }
    }
}
