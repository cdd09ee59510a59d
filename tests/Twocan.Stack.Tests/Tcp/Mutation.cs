using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>One machine that is told segments drawn at random, while its program does what programs do, also at random.</summary>
internal sealed class Mutation
{
    private static readonly Endpoint Us = Endpoint.TryParse("10.0.0.1:1000", out var us) ? us : default;
    private static readonly Endpoint Them = Endpoint.TryParse("10.0.0.2:80", out var them) ? them : default;

    private readonly RandomSource _random;
    private readonly int[] _visits;
    private readonly PacketPool _pool = new();
    private readonly byte[] _bytes = new byte[4_000];
    private readonly TcpConnection _connection;
    private Instant _now;

    public Mutation(ulong seed, int[] visits)
    {
        _random = new(seed);
        _visits = visits;
        var settings = new TcpSettings
        {
            ReceiveBufferSize = _random.Next(1, 70_000),
            SendBufferSize = _random.Next(1, 70_000),
        };
        _connection = new(settings, Us, Them, new(_random.NextUInt32()), _random.Next(64, 1461));
        _random.Fill(_bytes);
    }

    public void Run(int segments)
    {
        if (_random.Chance(0.5))
            _connection.Connect(_now);
        else
            _connection.Listen(new(TakesData: _random.Chance(0.5), null));
        for (var i = 0; i < segments && _connection.State != TcpState.Closed; i++)
        {
            _visits[(int)_connection.State]++;
            Arrive();
            Settle();
            if (_random.Chance(0.2))
                Call();
            if (_random.Chance(0.1))
                Wait();
            Settle();
        }
        _connection.Abort(_now);
        Settle();
        _visits[(int)TcpState.Closed]++;
        Assert.Equal(Instant.Never, _connection.Due);
        Assert.Equal(0, _pool.Outstanding);
    }

    private void Arrive()
    {
        var isFirst = _connection.State == TcpState.Listen;
        var flags = isFirst ? TcpFlags.Syn : DrawFlags();
        var length = _random.Chance(0.5) ? 0 : _random.Next(_bytes.Length);
        var fields = new SegmentFields(
            Them,
            Us,
            Near(_connection.RcvNxt, _connection.RcvWnd),
            Near(_connection.SndUna, _connection.InFlight),
            flags,
            _random.Chance(0.2) ? (ushort)0 : _random.NextUInt16(),
            DrawOptions()
        );
        var writer = new SegmentWriter(_pool);
        var data = writer.Begin(fields, length);
        _bytes.AsSpan(0, length).CopyTo(data);
        writer.Seal(fields, default);
        writer.TryTake(out var packet);
        using (packet)
        {
            Assert.True(TcpHeader.TryRead(packet!.Span, out var header));
            _connection.OnSegment(new(header, packet.Span[header.Length..], default), _now);
        }
        Invariants.Check(_connection);
    }

    private SegmentOptions DrawOptions()
    {
        var options = new SegmentOptions
        {
            MaximumSegmentSize = _random.Chance(0.5) ? _random.Next(65_536) : 0,
            WindowScale = _random.Chance(0.3) ? (byte)_random.Next(20) : null,
            SackPermitted = _random.Chance(0.3),
            HasTimestamps = _connection.HasTimestamps ? _random.Chance(0.99) : _random.Chance(0.3),
            TimestampValue = _random.Chance(0.001) ? _random.NextUInt32() : (uint)(_now.Nanoseconds / 1_000_000),
            TimestampEcho = _random.Chance(0.1) ? _random.NextUInt32() : (uint)(_now.Nanoseconds / 1_000_000),
        };
        if (_random.Chance(0.2))
            options.FastOpen = FastOpenCookie.Of(_bytes.AsSpan(0, 2 * _random.Next(9)), _random.Chance(0.5));
        var blocks = default(SackBlocks);
        for (var i = _random.Chance(0.5) ? _random.Next(4) : 0; i > 0 && options.RoomForBlocks > blocks.Count; i--)
        {
            var start = Near(_connection.SndUna, _connection.InFlight);
            blocks.Add(new(start, start + _random.Next(-10, 5_000)));
        }
        if (options.Length + 4 + 8 * blocks.Count <= 40)
            options.Sack = blocks;
        return options;
    }

    private TcpFlags DrawFlags() =>
        _random.Next(20) switch
        {
            0 => (TcpFlags)_random.Next(256),
            1 => TcpFlags.Rst | TcpFlags.Ack,
            2 or 3 => TcpFlags.Fin | TcpFlags.Ack,
            4 => TcpFlags.Syn,
            5 or 6 => TcpFlags.Syn | TcpFlags.Ack,
            _ => TcpFlags.Ack,
        };

    /// <summary>Mostly exactly there, or at the other edge, or beside one of them; now and then anywhere.</summary>
    private SequenceNumber Near(SequenceNumber left, int width) =>
        _random.Next(20) switch
        {
            0 => new(_random.NextUInt32()),
            1 => left + _random.Next(-3, 4),
            2 => left + width + _random.Next(-3, 4),
            3 => left + _random.Next(-5_000, 5_000),
            < 8 => left + _random.Next(width + 1),
            < 12 => left + width,
            _ => left,
        };

    private void Call()
    {
        switch (_random.Next(40))
        {
            case 0:
                _connection.Close(_now);
                break;
            case 1 or 2:
                _connection.Shutdown((ShutdownHow)_random.Next(3), _now);
                break;
            case 3:
                _connection.OnNetworkError(
                    System.Net.Sockets.SocketError.HostUnreachable,
                    _connection.SndUna - 5,
                    _now
                );
                break;
            case 4:
                _connection.OnPacketTooBig(_random.Next(2_000), _connection.SndUna, _now);
                break;
            case 5:
                var sizes = _connection.Settings with
                {
                    ReceiveBufferSize = _random.Next(1, 100_000),
                    SendBufferSize = _random.Next(1, 100_000),
                };
                _connection.Adjust(sizes, _now);
                break;
            case < 20:
                _connection.Write(_bytes.AsSpan(0, _random.Next(_bytes.Length)), _now);
                break;
            default:
                Span<byte> into = stackalloc byte[2_000];
                _connection.Read(into[.._random.Next(into.Length)], _now, out _);
                break;
        }
        Invariants.Check(_connection);
    }

    private void Wait()
    {
        _now =
            _random.Chance(0.5) && _connection.Due != Instant.Never
                ? Instant.Max(_now, _connection.Due)
                : _now + Duration.FromMilliseconds(_random.Next(2_000));
        if (_connection.Due <= _now)
            _connection.OnDue(_now);
    }

    private void Settle()
    {
        var writer = new SegmentWriter(_pool);
        for (var count = 0; _connection.TryTransmit(ref writer, _now); count++)
        {
            Assert.True(count < 2_000, "never stops sending");
            Assert.True(writer.TryTake(out var packet));
            packet!.Dispose();
        }
        Invariants.Check(_connection);
    }
}
