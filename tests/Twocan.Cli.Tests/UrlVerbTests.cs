using System.Text;
using System.Text.Json;
using Twocan.Core;

namespace Twocan.Cli.Tests;

public class UrlVerbTests
{
    [Fact]
    public void The_table_names_each_part_and_what_is_assumed()
    {
        var lines = Call.Twocan("url", "http://www.lab.cyber.co.kr").Out.Split('\n');
        Assert.Equal("http://www.lab.cyber.co.kr/", lines[0]);
        Assert.Contains(lines, static line => line.StartsWith("  port       (80) ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("  directory  (/) ", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            static line => line.StartsWith("  file       (the default file) ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void It_speaks_korean_and_shows_an_international_name_as_people_write_it()
    {
        var said = Call.Twocan("url", "http://user:secret@한글.kr/dir/", "--lang", "ko").Out;
        Assert.Contains(
            said.Split((char)10),
            static line => line.TrimStart().StartsWith("서버", StringComparison.Ordinal) && line.Contains(" 한글.kr ")
        );
        Assert.Contains("DNS에서는 xn--bj0bj06e.kr입니다", said);
        Assert.Contains("••••••", said);
    }

    [Fact]
    public void Json_has_the_parts_by_their_names_in_browsers_and_what_they_mean()
    {
        var json = Call.Twocan("url", "../x?a=1&a=2", "--base", "ftp://h@ftp.cyber.co.kr/a/b", "--json").Json;
        Assert.Equal("ftp://h@ftp.cyber.co.kr/x?a=1&a=2", json.GetProperty("href").GetString());
        Assert.Equal("ftp:", json.GetProperty("protocol").GetString());
        Assert.Equal("file_transfer", json.GetProperty("access").GetString());
        Assert.Equal(21, json.GetProperty("connects_to_port").GetInt32());
        Assert.Equal(2, json.GetProperty("parameters").GetArrayLength());
        Assert.Equal(
            "invalid-credentials",
            Call.Twocan("url", "http://u@a", "--json")
                .Json.GetProperty("validation_errors")[0]
                .GetProperty("name")
                .GetString()
        );
    }

    [Theory]
    [InlineData(1, "cannot be a host's name", "http://a b/")]
    [InlineData(1, "nothing can be relative to mailto", "x", "--base", "mailto:a@b")]
    [InlineData(2, "--base: ", "x", "--base", "http://")]
    [InlineData(2, "which URL?")]
    [InlineData(2, "--batch reads its URLs", "http://a", "--batch")]
    public void What_cannot_be_is_one_line(int code, string message, params string[] arguments)
    {
        var call = Call.Twocan(["url", .. arguments]);
        Assert.Equal(code, call.ExitCode);
        Assert.Contains(message, call.Error);
    }

    [Fact]
    public void A_batch_answers_line_by_line_and_never_stops()
    {
        var call = Call.Twocan(
            ["url", "--batch"],
            [],
            """
            {"input":"http://u:p@a:81/b?c#d","base":null}
            no JSON

            {"input":"http://a b"}
            {"base":"http://a/b/c","other":{"input":[1]},"input":"..\/x\ud800"}
            {"input":"x","base":"y"}
            {"input":1}
            {"input":"http://a"} x
            """
        );
        Assert.Equal(
            [
                """{"href":"http://u:p@a:81/b?c#d","protocol":"http:","username":"u","password":"p","host":"a:81","hostname":"a","port":"81","pathname":"/b","search":"?c","hash":"#d","origin":"http://a:81"}""",
                """{"failure":true,"error":"this is no JSON object with an \"input\" that is a string"}""",
                """{"failure":true}""",
                """{"href":"http://a/x%EF%BF%BD","protocol":"http:","username":"","password":"","host":"a","hostname":"a","port":"","pathname":"/x%EF%BF%BD","search":"","hash":"","origin":"http://a"}""",
                """{"failure":true}""",
                """{"failure":true,"error":"this is no JSON object with an \"input\" that is a string"}""",
                """{"failure":true,"error":"this is no JSON object with an \"input\" that is a string"}""",
            ],
            call.Out.TrimEnd('\n').Split('\n')
        );
        Assert.Equal(0, call.ExitCode);
    }

    [Fact]
    public void Wherever_the_bytes_of_a_batch_are_parted_the_answers_are_the_same()
    {
        var long_ = new string('x', 200_000);
        var questions = Encoding.UTF8.GetBytes(
            $"{{\"input\":\"http://한글.kr/\"}}\n{{\"input\":\"http://a/{long_}\"}}\n{{\"input\":\"\\u00e9:\"}}\n{{\"input\":\"sc:1\"}}"
        );
        var whole = Answers(questions, questions.Length);
        Assert.Equal(4, whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        foreach (var size in new[] { 1, 7, 1000, 65536 })
            Assert.Equal(whole, Answers(questions, size));
    }

    [Fact]
    public void Nothing_that_comes_in_stops_a_batch()
    {
        var random = new RandomSource(3);
        var good = Encoding.UTF8.GetBytes("{\"input\":\"http://a\\u00e9\\\"/b\",\"base\":\"http:\\/\\/c\"}");
        for (var round = 0; round < 5000; round++)
        {
            var line = good.ToArray();
            for (var i = 0; i < 2; i++)
                line[random.Next(line.Length)] = (byte)random.Next(256);
            foreach (
                var answer in Answers(line[random.Next(3)..], 4096).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            )
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(answer).RootElement.ValueKind);
        }
    }

    private static string Answers(byte[] questions, int size)
    {
        var answers = new MemoryStream();
        UrlBatch.Run(new InPieces(questions, size), answers.Write);
        return Encoding.UTF8.GetString(answers.ToArray());
    }

    /// <summary>Gives at most so many bytes at a time, as a pipe may.</summary>
    private sealed class InPieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, size)]);
    }
}
