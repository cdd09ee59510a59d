using System.Buffers;
using System.Text;

namespace Twocan.Http.Tests;

public sealed class FieldsTests
{
    private static Fields Some => new Fields().Add("Host", "a").Add("Accept", "x, y").Add("X", "1").Add("accept", "z");

    [Fact]
    public void Names_are_found_in_any_case_and_values_joined_in_order()
    {
        Assert.Equal("a", Some["HOST"]);
        Assert.Null(Some["Date"]);
        Assert.Equal("x, y, z", Some.Joined("Accept"));
        Assert.Equal(["x", "y", "z"], Some.ListOf("ACCEPT"));
        Assert.Equal(2, Some.CountOf("accept"));
        Assert.True(Some.HasToken("Accept", "Z"));
    }

    [Fact]
    public void Setting_puts_one_field_where_the_first_was() =>
        Assert.Equal("Host: a\r\nACCEPT: all\r\nX: 1\r\n", Some.Set("ACCEPT", "all").ToString());

    [Fact]
    public void Setting_what_is_not_there_adds_it() =>
        Assert.EndsWith("accept: z\r\nDate: now\r\n", Some.Set("Date", "now").ToString());

    [Fact]
    public void Removing_takes_all_of_a_name()
    {
        var fields = Some;
        Assert.Equal(2, fields.Remove("ACCEPT"));
        Assert.Equal("Host: a\r\nX: 1\r\n", fields.ToString());
    }

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        var (fields, clone) = (Some, Some.Clone());
        clone.Remove("X");
        Assert.Equal(4, fields.Count);
        Assert.Equal(3, clone.Count);
    }

    [Theory]
    [InlineData("a b", "x")]
    [InlineData("", "x")]
    [InlineData("a:", "x")]
    [InlineData("a", "x\r\nb: y")]
    [InlineData("a", "x\n")]
    [InlineData("a", "\0")]
    [InlineData("a", " x")]
    [InlineData("a", "\uac00")]
    public void Nothing_can_be_added_that_would_be_read_as_something_else(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new Fields().Add(name, value));

    [Fact]
    public void Bytes_beyond_ASCII_come_out_as_they_went_in()
    {
        byte[] value = [0x80, 0xFF, 0xE9];
        var fields = new Fields();
        Assert.True(fields.TryAdd("X"u8, value));
        Assert.Equal(value, Encoding.Latin1.GetBytes(new Fields().AddAll(fields)["x"]!));
    }

    [Theory]
    [InlineData("a, b,c", "a|b|c")]
    [InlineData(",, a , ,b,", "a|b")]
    [InlineData("\"a,b\", c", "\"a,b\"|c")]
    [InlineData("\"a\\\",b\", c", "\"a\\\",b\"|c")]
    [InlineData("", "")]
    public void A_list_is_divided_at_commas_outside_quotes(string value, string elements) =>
        Assert.Equal(elements, string.Join('|', FieldList.Elements(value)));

    [Theory]
    [InlineData("max-age=60", "max-age", "60")]
    [InlineData("max-age = \"60\"", "max-age", "60")]
    [InlineData("private=\"a, \\\"b\\\"\"", "private", "a, \"b\"")]
    [InlineData("no-store", "no-store", null)]
    [InlineData("a=", "a", "")]
    public void A_directive_is_a_name_and_perhaps_a_value(string element, string name, string? value) =>
        Assert.Equal((name, value), FieldList.Directive(element));

    [Fact]
    public void Parameters_follow_semicolons()
    {
        var (value, parameters) = FieldList.WithParameters("text/html; charset=\"utf-8;x\" ;q=0.5");
        Assert.Equal("text/html", value);
        Assert.Equal([("charset", "utf-8;x"), ("q", "0.5")], parameters);
    }

    [Fact]
    public void Chunks_are_written_as_they_are_read()
    {
        var writer = new ArrayBufferWriter<byte>();
        ChunkedWriter.WriteChunk(writer, new byte[26]);
        ChunkedWriter.WriteChunk(writer, default);
        ChunkedWriter.WriteEnd(writer, new Fields().Add("T", "1"));
        Assert.Equal(
            $"1a\r\n{new string('\0', 26)}\r\n0\r\nT: 1\r\n\r\n",
            Encoding.ASCII.GetString(writer.WrittenSpan)
        );
    }

    [Fact]
    public void A_head_that_would_be_two_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => new RequestHead("GET", "/ HTTP/1.1\r\nX: y", HttpVersion.Http11));
        Assert.Throws<ArgumentException>(() => new RequestHead("G T", "/", HttpVersion.Http11));
        Assert.Throws<ArgumentException>(() => new ResponseHead(200, reason: "OK\r\nX: y"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResponseHead(99));
    }
}
