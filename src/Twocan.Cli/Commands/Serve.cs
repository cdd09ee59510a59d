using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>serve</c>: a directory as a web site on this machine; or one of the small services, here or on a host of a shell's world.</summary>
internal sealed class Serve : ProgramVerb
{
    private readonly Argument<string?> _what = new("WHAT")
    {
        Description =
            $"A directory, for the web; or {string.Join(", ", SmallServices.All.Select(service => service.Name))}",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly ServeSite _site = new();

    private readonly Option<string?> _listen = new("--listen", "-l")
    {
        Description =
            "Where (default: 127.0.0.1:8080; for a service its own port; of a host in a world, all its addresses)",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string[]> _admit = new("--admit")
    {
        Description = "Serve this subnet alone, such as 10.11.12.0/24 (may be given several times); others are refused",
        HelpName = "SUBNET",
    };

    private readonly Option<double?> _for = new("--for") { Description = "Stop after so many seconds", HelpName = "S" };

    public Serve()
        : base(
            "serve",
            "Serve a directory on the web; or echo, discard, chargen, daytime, time (RFC 862 to 868), tcp-source or tcp-sink",
            "twocan serve . --listen 127.0.0.1:0 --for 0.1",
            "twocan serve . --list --tls --log - --listen 127.0.0.1:0 --for 0.1",
            "twocan serve echo --on-host --listen 127.0.0.1:0 --for 0.1"
        )
    {
        Arguments.Add(_what);
        Options.Add(_listen);
        Options.Add(_admit);
        Options.Add(_for);
        foreach (var option in _site.Options)
            Options.Add(option);
    }

    /// <summary>A directory is this machine's; to a world's hosts their file gives theirs.</summary>
    protected override bool IsForThisMachine(Invocation call) =>
        call.OnHost || (call.Living is null && Service(call) is null);

    public override HostProgram Prepare(Invocation call)
    {
        var span = Span(call);
        if (Service(call) is not { } service)
        {
            if (call.Living is not null)
                throw new WrongUsageException(
                    $"'{call.Get(_what)}' is none of {string.Join(", ", SmallServices.All.Select(one => one.Name))}; a directory is served outside of a shell, or by a world's file (services: web:)"
                );
            var name = call.Get(_what);
            if (name is not null && !Directory.Exists(name) && !name.Contains('/') && !File.Exists(name))
                throw new WrongUsageException(
                    $"there is no directory '{name}', and no service of that name: there are {string.Join(", ", SmallServices.All.Select(one => one.Name))}"
                );
            return _site.Prepare(
                call,
                name,
                call.Get(_listen) is null ? null : Listen(call, default),
                Admitted(call),
                span
            );
        }
        if (!call.OnHost && call.Living is null && span is null)
            throw new WrongUsageException(
                $"nobody would ever come: serve this machine with --on-host, a world in its file (services: {service.Name}:), or a shell with 'serve {service.Name} &'"
            );
        var listen = Listen(call, service.Port);
        var admits = Admitted(call);
        return (session, stop) => RunAsync(call, session, service, listen, admits, span, stop);
    }

    /// <summary>The service of that name; null where it is a directory, which a slash makes plain.</summary>
    private SmallService? Service(Invocation call) => call.Get(_what) is { } name ? SmallServices.Find(name) : null;

    private Duration? Span(Invocation call) =>
        call.Get(_for) is { } seconds
            ? Duration.FromSeconds(
                seconds is > 0 and <= 1e9
                    ? seconds
                    : throw new WrongUsageException("--for is a number of seconds above 0")
            )
            : null;

    private Endpoint Listen(Invocation call, Port port)
    {
        if (call.Get(_listen) is not { } text)
            return new(call.OnHost ? IpAddress.Loopback : IpAddress.Any6, port);
        return Endpoint.TryParse(text, out var listen)
            ? listen
            : throw new WrongUsageException($"--listen is an address and a port, such as 127.0.0.1:7, not '{text}'");
    }

    private List<Subnet>? Admitted(Invocation call)
    {
        if (call.Get(_admit) is not { Length: > 0 } texts)
            return null;
        var admits = new List<Subnet>();
        foreach (var text in texts)
            admits.Add(
                Subnet.TryParse(text, out var subnet)
                    ? subnet
                    : throw new WrongUsageException($"--admit is a subnet, such as 10.11.12.0/24, not '{text}'")
            );
        return admits;
    }

    private static async Task<int> RunAsync(
        Invocation call,
        Session session,
        SmallService service,
        Endpoint listen,
        List<Subnet>? admits,
        Duration? span,
        CancellationToken stop
    )
    {
        var (terminal, loop) = (call.Terminal, session.Network.Loop);
        using var over = span is { } time ? new CancellationTokenSource(time.ToTimeSpan(), loop.TimeProvider) : new();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        var server = new SmallServer(service, listen)
        {
            Admits = admits,
            Ready = at =>
            {
                if (!call.Json)
                    terminal.Line(
                        terminal.Say($"{service.Name} listens on {at}", $"{service.Name} 서비스가 {at}에서 기다립니다")
                    );
                terminal.Flush();
                listen = at;
            },
        };
        try
        {
            await server.RunAsync(session.Network, end.Token);
        }
        catch (OperationCanceledException)
        {
            // Enough served.
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode != SocketError.OperationAborted)
        {
            throw new NoAnswerException($"{service.Name} cannot listen on {listen}: {refusal.Message}");
        }
        if (call.Json)
            terminal.JsonLine(new(service.Name, listen.ToString(), server.Served), ServeJson.Default.ServeAnswer);
        else
            terminal.Line(terminal.Say($"served {server.Served}", $"{server.Served}번 응했습니다"));
        return Exit.Done;
    }
}

/// <summary>The answer of <c>serve --json</c>: connections taken, and datagrams answered.</summary>
internal sealed record ServeAnswer(string Service, string Listen, long Served);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServeAnswer))]
internal sealed partial class ServeJson : JsonSerializerContext;
