using Twocan.Core;
using static Twocan.Proxy.Tests.Exchange;

namespace Twocan.Proxy.Tests;

/// <summary>What both stores promise.</summary>
public abstract class StoreTests : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    protected abstract ICacheStore OpenStore(long limit, long mostBodyBytes);

    protected ICacheStore Open(long limit = 1 << 20, long mostBodyBytes = 1 << 20)
    {
        var store = OpenStore(limit, mostBodyBytes);
        if (store is IDisposable disposable)
            _opened.Add(disposable);
        return store;
    }

    [Fact]
    public void What_was_put_is_found_with_its_head_and_body()
    {
        var store = Open();
        Assert.Empty(store.Find(Url));
        var stored = Stored(
            "Date: @0 | Vary: Accept | X-Name: h\u00e9llo",
            request: "Accept: text/html",
            receivedAt: 1.5
        ) with
        {
            BodyLength = 3,
        };
        Assert.True(store.Put(stored, "abc"u8.ToArray()));

        var found = Assert.Single(store.Find(Url));
        Assert.Equal(stored.Fields.ToString(), found.Fields.ToString());
        Assert.Equal(stored.Selecting.ToString(), found.Selecting.ToString());
        Assert.Equal(stored with { Fields = found.Fields, Selecting = found.Selecting }, found);
        Assert.Equal("abc"u8.ToArray(), store.ReadBody(found));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void A_new_response_takes_the_place_of_the_same_variant_only()
    {
        var store = Open();
        Put(store, Url, "korean", "Vary: Accept-Language", "Accept-Language: ko");
        Put(store, Url, "english", "Vary: Accept-Language", "Accept-Language: en");
        Put(store, Url, "new english", "Vary: Accept-Language", "Accept-Language: en");
        Assert.Equal(["korean", "new english"], Bodies(store, Url));
        Assert.Equal(2, store.Count);
    }

    [Fact]
    public void Removed_is_gone_and_its_bytes_are_free()
    {
        var store = Open();
        Put(store, Url, "body");
        Put(store, Url + "2", "other");
        Assert.True(store.RemoveAll(Url));
        Assert.False(store.RemoveAll(Url));
        Assert.Empty(store.Find(Url));
        store.RemoveAll(Url + "2");
        Assert.Equal((0, 0), (store.Count, store.Bytes));
    }

    [Fact]
    public void Replacing_the_head_keeps_the_body()
    {
        var store = Open();
        Put(store, Url, "body");
        var old = store.Find(Url).Single();
        Assert.True(store.Replace(old, old with { Fields = Fields("ETag: \"b\"") }));
        var fresh = store.Find(Url).Single();
        Assert.Equal("\"b\"", fresh.ETag);
        Assert.Equal(["body"], Bodies(store, Url));
        Assert.Null(store.ReadBody(old));
        Assert.False(store.Replace(old, old));
    }

    [Fact]
    public void Over_its_limit_the_longest_unused_goes_first()
    {
        var store = Open(limit: 4000);
        foreach (var name in new[] { "a", "b", "c" })
            Put(store, name, new string(name[0], 1000));
        Assert.NotNull(store.ReadBody(store.Find("a").Single()));
        Put(store, "d", new string('d', 1000));
        Assert.Empty(store.Find("b"));
        Assert.All(["a", "c", "d"], name => Assert.Single(store.Find(name)));
        Assert.InRange(store.Bytes, 3000, 4000);
    }

    [Fact]
    public void What_is_too_large_is_not_taken_and_throws_nothing_out()
    {
        var store = Open(limit: 4000, mostBodyBytes: 2000);
        Put(store, "a", "small");
        Assert.False(store.Put(Stored("", url: "b") with { BodyLength = 2001 }, new byte[2001]));
        Assert.Single(store.Find("a"));
        Assert.Equal(1, store.Count);
        Assert.False(
            Open(limit: 100, mostBodyBytes: 2000).Put(Stored("", url: "b") with { BodyLength = 200 }, new byte[200])
        );
    }

    [Fact]
    public void A_URL_with_ever_new_variants_does_not_grow_for_ever()
    {
        var store = Open();
        for (var i = 0; i < 100; i++)
            Put(store, Url, $"body {i}", "Vary: User-Agent", $"User-Agent: {i}");
        Assert.Equal(32, store.Count);
        Assert.Equal("body 68", Bodies(store, Url)[0]);
    }

    [Fact]
    public void Under_random_use_bytes_and_count_stay_true_and_within_the_limit()
    {
        var store = Open(limit: 20_000);
        var random = new RandomSource(3);
        for (var step = 0; step < 1000; step++)
        {
            var url = $"u{random.Next(30)}";
            switch (random.Next(6))
            {
                case 0:
                    store.RemoveAll(url);
                    break;
                case 1 when store.Find(url) is [var found, ..]:
                    Assert.Equal(found.BodyLength, store.ReadBody(found)!.Length);
                    break;
                case 2 when store.Find(url) is [var found, ..]:
                    store.Replace(found, found with { ReceivedAt = At(step) });
                    break;
                default:
                    Put(store, url, new string('x', random.Next(2000)), "Vary: A", $"A: {random.Next(3)}");
                    break;
            }
            Assert.InRange(store.Bytes, 0, 20_000);
        }
        for (var i = 0; i < 30; i++)
            store.RemoveAll($"u{i}");
        Assert.Equal((0, 0), (store.Count, store.Bytes));
    }

    protected static void Put(
        ICacheStore store,
        string url,
        string body,
        string fields = "",
        string request = "",
        double at = 0
    ) =>
        Assert.True(
            store.Put(
                Stored(fields, request: request, url: url, receivedAt: at) with
                {
                    BodyLength = body.Length,
                },
                System.Text.Encoding.ASCII.GetBytes(body)
            )
        );

    protected static string[] Bodies(ICacheStore store, string url) =>
        [.. store.Find(url).Select(response => System.Text.Encoding.ASCII.GetString(store.ReadBody(response)!))];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _opened.ForEach(store => store.Dispose());
        Clean();
    }

    protected virtual void Clean() { }
}

public sealed class MemoryStoreTests : StoreTests
{
    protected override ICacheStore OpenStore(long limit, long mostBodyBytes) => new MemoryStore(limit, mostBodyBytes);
}

public sealed class DiskStoreTests : StoreTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("twocan-store-").FullName;
    private int _stores;

    protected override ICacheStore OpenStore(long limit, long mostBodyBytes) =>
        new DiskStore(Path.Combine(_directory, $"{_stores++}"), limit, mostBodyBytes);

    protected override void Clean() => Directory.Delete(_directory, recursive: true);

    private string Here => Path.Combine(_directory, "here");

    [Fact]
    public void It_survives_a_restart()
    {
        using (var store = new DiskStore(Here))
        {
            Put(store, Url, "korean", "Vary: Accept-Language", "Accept-Language: ko");
            Put(store, Url, "english", "Vary: Accept-Language", "Accept-Language: en", at: 1);
        }
        using var again = new DiskStore(Here);
        Assert.Equal(["korean", "english"], Bodies(again, Url));
        Assert.Equal(2, again.Count);
        Assert.True(again.Find(Url)[1].Answers(Fields("Accept-Language: en")));
    }

    [Fact]
    public void A_restart_throws_the_oldest_out_when_the_limit_has_become_smaller()
    {
        using (var store = new DiskStore(Here))
        {
            Put(store, "new", new string('n', 1000), at: 9);
            Put(store, "old", new string('o', 1000), at: 1);
        }
        using var again = new DiskStore(Here, limit: 1500);
        Assert.Empty(again.Find("old"));
        Assert.Single(again.Find("new"));
        Assert.Single(Directory.GetFiles(Here, "*.response"));
    }

    [Fact]
    public void A_file_that_was_being_written_when_the_process_was_killed_is_thrown_away()
    {
        using (var store = new DiskStore(Here))
            Put(store, Url, "body");
        var whole = Directory.GetFiles(Here, "*.response").Single();
        var half = Path.Combine(Here, "0123.response.unfinished");
        File.WriteAllBytes(half, File.ReadAllBytes(whole)[..20]);
        using var again = new DiskStore(Here);
        Assert.Equal(["body"], Bodies(again, Url));
        Assert.False(File.Exists(half));
    }

    [Fact]
    public void Any_damage_to_a_file_is_noticed_and_the_file_removed()
    {
        using (var store = new DiskStore(Here))
            Put(store, Url, "some body that is stored", "ETag: \"a\"");
        var path = Directory.GetFiles(Here, "*.response").Single();
        var whole = File.ReadAllBytes(path);
        var random = new RandomSource(1);
        for (var round = 0; round < 300; round++)
        {
            var damaged = whole.ToArray();
            if (round % 3 == 0)
                damaged = damaged[..random.Next(whole.Length)];
            else
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            using var store = new DiskStore(Here);
            foreach (var found in store.Find(Url))
                Assert.Null(store.ReadBody(found));
            Assert.Equal((0, 0), (store.Count, store.Bytes));
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void A_body_that_is_damaged_or_lost_while_it_is_stored_is_gone()
    {
        using var store = new DiskStore(Here);
        Put(store, "a", "aaaa");
        Put(store, "b", "bbbb");
        foreach (var path in Directory.GetFiles(Here, "*.response"))
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes[^1] == 'a')
                File.Delete(path);
            else
                File.WriteAllBytes(path, [.. bytes[..^1], (byte)'x']);
        }
        Assert.Null(store.ReadBody(store.Find("a").Single()));
        Assert.Null(store.ReadBody(store.Find("b").Single()));
        Assert.Equal((0, 0), (store.Count, store.Bytes));
        Assert.Empty(Directory.GetFiles(Here, "*.response"));
    }

    [Fact]
    public void A_file_under_another_name_than_its_own_is_not_believed()
    {
        using (var store = new DiskStore(Here))
            Put(store, Url, "body");
        var path = Directory.GetFiles(Here, "*.response").Single();
        File.Move(path, Path.Combine(Here, new string('0', 64) + ".response"));
        using var again = new DiskStore(Here);
        Assert.Equal(0, again.Count);
        Assert.Empty(Directory.GetFiles(Here, "*.response"));
    }

    [Fact]
    public void No_URL_leads_out_of_the_directory()
    {
        using var store = new DiskStore(Here);
        foreach (
            var url in new[] { "../../etc/passwd", "/etc/passwd", "a\0b", "http://a/../../../x", new string('u', 5000) }
        )
            Put(store, url, url.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(5, Directory.GetFiles(Here, "*.response").Length);
        Assert.Equal([Here], Directory.GetDirectories(_directory));
    }

    [Fact]
    public void Two_processes_cannot_have_the_same_directory()
    {
        using var store = new DiskStore(Here);
        Assert.Throws<IOException>(() => new DiskStore(Here));
    }

    [Fact]
    public void What_cannot_be_written_is_not_stored_and_nothing_breaks()
    {
        using var store = new DiskStore(Here);
        Directory.Delete(Here, recursive: true);
        Assert.False(store.Put(Stored(""), []));
        Assert.Equal((0, 0), (store.Count, store.Bytes));
        Directory.CreateDirectory(Here);
        Put(store, Url, "body");
        Assert.Equal(["body"], Bodies(store, Url));
    }
}
