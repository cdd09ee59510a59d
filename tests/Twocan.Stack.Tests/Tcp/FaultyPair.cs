using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>
/// Two machines, two programs and a bad network between them, all of it drawn from one seed: how much is lost, doubled and
/// delayed, how large the buffers are, who opens, what each program writes, how slowly it reads, when and how it ends.
/// </summary>
internal sealed class FaultyPair
{
    private static readonly (Endpoint Left, Endpoint Right) V4 = (End("10.0.0.1:1000"), End("10.0.0.2:2000"));
    private static readonly (Endpoint Left, Endpoint Right) V6 = (End("[2001:db8::1]:1000"), End("[2001:db8::2]:2000"));
    private const long PatienceSeconds = 3_000;
    private const int MaxEvents = 400_000;

    private readonly RandomSource _random;
    private readonly PriorityQueue<Action, (Instant At, long Order)> _events = new();
    private readonly double _loss;
    private readonly double _duplicate;
    private readonly double _marks;
    private readonly Instant _cutAt = Instant.Never;
    private readonly Duration _cutFor;
    private readonly Duration _delay;
    private readonly Duration _jitter;

    /// <summary>Longer segments vanish, and nobody says so.</summary>
    private readonly int _longest;
    private long _order;

    public FaultyPair(ulong seed)
    {
        _random = new RandomSource(seed);
        _loss = _random.Next(4) switch
        {
            0 => 0,
            1 => 0.02,
            2 => 0.1,
            _ => _random.NextDouble() * 0.4,
        };
        _duplicate = _random.Chance(0.3) ? _random.NextDouble() * 0.3 : 0;
        _delay = Duration.FromMicroseconds(_random.Next(1, 100_000));
        _longest = _random.Chance(0.2) ? _random.Next(600, 1_500) : int.MaxValue;
        _jitter = _random.Chance(0.5) ? _delay * _random.NextDouble() * 2 : Duration.Zero;
        _marks = _random.Chance(0.5) ? _random.NextDouble() : 0;
        if (_random.Chance(0.2))
        {
            _cutAt = Instant.Zero + Duration.FromMilliseconds(_random.Next(5_000));
            _cutFor = Duration.FromMilliseconds(_random.Next(60_000));
        }
        var ends = _random.Chance(0.3) ? V6 : V4;
        Left = new(this, ends.Left, ends.Right, "left");
        Right = new(this, ends.Right, ends.Left, "right");
        (Left.Peer, Right.Peer) = (Right, Left);
    }

    private static readonly FastOpenCookie Cookie = FastOpenCookie.Of([1, 2, 3, 4])!;

    public PacketPool Pool { get; } = new();

    public Side Left { get; }

    public Side Right { get; }

    public Instant Now { get; private set; }

    public void Run()
    {
        if (_random.Chance(0.3))
            Left.Connection.ConnectFast(new(Cookie, _random.Next(100, 3_000)), Now);
        else
            Left.Connection.Connect(Now);
        Left.Settle();
        if (_random.Chance(0.1))
            Right.Connection.Connect(Now); // simultaneous open
        else
            Right.Connection.Listen(new(TakesData: _random.Chance(0.5), Cookie));
        Right.Settle();
        for (var count = 0; _events.TryDequeue(out var happens, out var when); count++)
        {
            Assert.True(count < MaxEvents, $"does not come to an end by {Now}: {Left}, {Right}");
            Now = when.At;
            happens();
            Left.Check();
            Right.Check();
        }
        Left.CheckEnd();
        Right.CheckEnd();
        Assert.Equal(0, Pool.Outstanding);
    }

    private void At(Instant at, Action happens) => _events.Enqueue(happens, (Instant.Max(at, Now), _order++));

    private static Endpoint End(string text) => Endpoint.TryParse(text, out var end) ? end : default;

    private void Carry(PacketBuffer packet, Side to, bool isEcnCapable = false)
    {
        var bytes = packet.Span.ToArray();
        packet.Dispose();
        var isCut = Now >= _cutAt && Now < _cutAt + _cutFor;
        var isMarked = isEcnCapable && _random.Chance(_marks);
        var copies =
            isCut || bytes.Length > _longest || _random.Chance(_loss) ? 0
            : _random.Chance(_duplicate) ? 2
            : 1;
        for (var copy = 0; copy < copies; copy++)
            At(Now + _delay + _jitter * _random.NextDouble(), () => to.Receive(bytes, isMarked));
    }

    internal sealed class Side
    {
        private readonly FaultyPair _pair;
        private readonly string _name;
        private readonly int _bufferSize;
        private readonly int _toWrite;
        private readonly int _largestRead;
        private readonly Duration _slowness;
        private readonly Ending _ending;
        private readonly Instant _abortAt;
        private readonly bool _isGreedy;
        private int _written;
        private int _read;
        private bool _hasShut;
        private bool _hasClosed;
        private bool _hasThrownAway;
        private bool _sawEnd;
        private bool _gaveUp;
        private bool _isAwake;
        private Instant _due = Instant.Never;

        public Side(FaultyPair pair, Endpoint local, Endpoint remote, string name)
        {
            (_pair, _name) = (pair, name);
            var random = pair._random;
            _bufferSize = random.Next(3) switch
            {
                0 => 65_535,
                1 => random.Next(1, 3_000),
                _ => random.Next(1, 20_000),
            };
            _toWrite = random.Next(3) switch
            {
                0 => 0,
                1 => random.Next(2_000),
                _ => random.Next(30_000),
            };
            _largestRead = random.Next(1, 10_000);
            // Some sleep for seconds over a window that has closed.
            _slowness = Duration.FromMicroseconds(
                random.Chance(0.03) ? random.Next(20_000_000)
                : random.Chance(0.1) ? 500_000
                : random.Next(1, 20_000)
            );
            _isGreedy = random.Chance(0.5);
            _ending = (Ending)random.Next(4);
            if (random.Chance(0.8) && _ending >= Ending.Abort)
                _ending = Ending.HalfClose;
            _abortAt = Instant.Zero + Duration.FromMilliseconds(random.Next(3_000));
            var settings = RandomSettings.Draw(random) with
            {
                SendBufferSize = random.Next(1, 40_000),
                ReceiveBufferSize = _bufferSize,
            };
            Connection = new(settings, local, remote, new(random.NextUInt32()), random.Next(64, 1461));
            WakeLater();
            pair.At(_abortAt, WakeLater);
            pair.At(Instant.Zero + Duration.FromSeconds(PatienceSeconds), WakeLater);
        }

        public Side Peer { get; set; } = null!;

        public TcpConnection Connection { get; }

        public override string ToString() =>
            $"{_name} [{_ending}, wrote {_written} of {_toWrite}, read {_read}, shut {_hasShut}, closed {_hasClosed}, saw end {_sawEnd}, {Connection.Error}, {Connection.Info}]";

        private byte Octet(int position) => (byte)(position * 31 + position / 251 + _name.Length);

        /// <summary>The program: reads, writes, and ends in its way.</summary>
        private void Act()
        {
            var now = _pair.Now;
            _isAwake = false;
            if (_hasClosed)
                return;
            var before = _written + _read;
            if (Connection.IsUsable || Connection.IsSynHeld || Connection.State == TcpState.Closed)
            {
                if (_ending == Ending.Abort && now >= _abortAt)
                {
                    _hasClosed = true;
                    Connection.Abort(now);
                    Settle();
                    return;
                }
                Write(now);
                if (_ending != Ending.CloseUnread)
                    Read(now);
                End(now);
            }
            if (!_hasClosed && now >= Instant.Zero + Duration.FromSeconds(PatienceSeconds))
            {
                _gaveUp = true;
                Close(now);
            }
            Settle();
            if (_written + _read != before)
                WakeLater();
        }

        /// <summary>The program goes on a little later: it has its own pace.</summary>
        private void WakeLater()
        {
            if (_isAwake)
                return;
            _isAwake = true;
            _pair.At(_pair.Now + _slowness * (0.5 + _pair._random.NextDouble()), Act);
        }

        private void Write(Instant now)
        {
            if (Connection.IsSynHeld)
            {
                var early = new byte[Math.Clamp(_toWrite, 0, Connection.SynRoom)];
                for (var i = 0; i < early.Length; i++)
                    early[i] = Octet(i);
                _written = Connection.Write(early, now);
                Connection.ReleaseSyn();
                return;
            }
            do
            {
                var chunk = new byte[Math.Min(_pair._random.Next(1, 5_000), _toWrite - _written)];
                for (var i = 0; i < chunk.Length; i++)
                    chunk[i] = Octet(_written + i);
                var count = Connection.Write(chunk, now);
                _written += count;
                if (count == 0)
                    return;
            } while (_isGreedy);
        }

        private void Read(Instant now)
        {
            var into = new byte[_pair._random.Next(1, _largestRead + 1)];
            do
            {
                var count = Connection.Read(into, now, out _);
                for (var i = 0; i < count; i++)
                    Assert.True(into[i] == Peer.Octet(_read + i), $"{_name}: octet {_read + i} is wrong");
                _read += count;
                Assert.True(_read <= Peer._written, $"{_name} has read more than was written");
                _sawEnd |= Connection.HasPeerFinished && Connection.Info.ReceiveQueue == 0;
                if (count == 0)
                    return;
            } while (_isGreedy);
        }

        private void End(Instant now)
        {
            if (Connection.State == TcpState.Closed && Connection.Info.ReceiveQueue == 0)
                Close(now);
            if (_written < _toWrite)
                return;
            switch (_ending)
            {
                case Ending.Close or Ending.HalfClose when !_hasShut:
                    _hasShut = true;
                    Connection.Shutdown(ShutdownHow.Write, now);
                    break;
                case Ending.CloseUnread:
                    Close(now);
                    break;
            }
            if (_sawEnd && (_hasShut || _ending == Ending.Abort))
                Close(now);
        }

        private void Close(Instant now)
        {
            if (_hasClosed)
                return;
            _hasClosed = true;
            // Whether there was anything to throw away shows only at the end: more may still arrive.
            _hasThrownAway = !_sawEnd;
            Connection.Close(now);
        }

        /// <summary>The pump: sends what is owed, and comes back when due.</summary>
        public void Settle()
        {
            var writer = new SegmentWriter(_pair.Pool);
            for (var count = 0; Connection.TryTransmit(ref writer, _pair.Now); count++)
            {
                Assert.True(count < 2_000, $"{_name} never stops sending");
                Assert.True(writer.TryTake(out var packet));
                _pair.Carry(packet!, Peer, isEcnCapable: writer.TypeOfService != 0);
            }
            var due = Connection.Due;
            if (due == _due || due == Instant.Never)
            {
                _due = due;
                return;
            }
            _due = due;
            _pair.At(
                due,
                () =>
                {
                    if (Connection.Due > _pair.Now)
                        return;
                    Connection.OnDue(_pair.Now);
                    _due = Instant.Never;
                    Settle();
                    WakeLater();
                }
            );
        }

        public void Receive(byte[] bytes, bool isMarked)
        {
            Assert.True(TcpHeader.TryRead(bytes, out var header));
            Assert.Equal(0, TcpHeader.ComputeChecksum(Connection.Remote.Address, Connection.Local.Address, bytes));
            var segment = new TcpSegment(header, bytes.AsSpan(header.Length), default, isMarked);
            if (Connection.State == TcpState.Closed)
                RefuseFor(segment);
            else if (Connection.State != TcpState.Listen || (segment.Syn && !segment.Ack && !segment.Rst))
                Connection.OnSegment(segment, _pair.Now);
            Settle();
            WakeLater();
        }

        /// <summary>RFC 9293 §3.10.7.1: what a host without a connection answers.</summary>
        private void RefuseFor(in TcpSegment segment)
        {
            if (segment.Rst)
                return;
            var fields = segment.Ack
                ? new SegmentFields(
                    Connection.Local,
                    Connection.Remote,
                    segment.Acknowledgement,
                    default,
                    TcpFlags.Rst,
                    0
                )
                : new SegmentFields(
                    Connection.Local,
                    Connection.Remote,
                    default,
                    segment.End,
                    TcpFlags.Rst | TcpFlags.Ack,
                    0
                );
            var writer = new SegmentWriter(_pair.Pool);
            writer.Begin(fields, 0);
            writer.Seal(fields, default);
            writer.TryTake(out var packet);
            _pair.Carry(packet!, Peer);
        }

        /// <summary>What must hold after each event.</summary>
        public void Check() => Invariants.Check(Connection);

        /// <summary>What must hold when nothing can happen any more.</summary>
        public void CheckEnd()
        {
            Assert.Equal(TcpState.Closed, Connection.State);
            Assert.Equal(Instant.Never, Connection.Due);
            Assert.Equal(0, Connection.SendMemory);
            var mayBeReset =
                Peer._ending >= Ending.Abort || Peer._hasThrownAway || Peer.Connection.Error != SocketError.Success;
            if (Connection.Error == SocketError.ConnectionReset)
                Assert.True(mayBeReset, $"{_name} was reset without a reason");
            else if (Connection.Error == SocketError.TimedOut)
                Assert.True(
                    _pair._loss > 0.05 || _pair._cutAt != Instant.Never || mayBeReset,
                    $"{_name} timed out without a reason"
                );
            else if (Connection.Error == SocketError.ConnectionRefused)
                Assert.True(
                    mayBeReset || _pair._loss > 0 || _pair._cutAt != Instant.Never,
                    $"{_name} was refused without a reason"
                );
            else
                Assert.Equal(SocketError.Success, Connection.Error);
            if (!mayBeReset && !_gaveUp && !Peer._gaveUp && Connection.Error == SocketError.Success)
                Assert.True(_sawEnd || _ending > Ending.HalfClose, $"never saw the end: {this}, {Peer}");
            // An end that was seen is the end of all that was written.
            if (_sawEnd)
                Assert.True(_read == Peer._written, $"{_name} saw the end after {_read} of {Peer._written} octets");
        }
    }

    private enum Ending
    {
        Close,
        HalfClose,
        Abort,
        CloseUnread,
    }
}

/// <summary>What holds of a machine at any time, whatever has arrived.</summary>
internal static class Invariants
{
    /// <summary>The largest window, and as much again that the program has not read.</summary>
    private const int MostMemory = 256 * 1024;

    public static void Check(TcpConnection connection)
    {
        Assert.True(connection.SndUna <= connection.SndNxt, "SND.UNA ≤ SND.NXT");
        Assert.True(connection.SndNxt <= connection.SndMax, "SND.NXT ≤ SND.MAX");
        Assert.True(connection.InFlight <= connection.Info.SendQueue + 2, "what is in flight is buffered");
        Assert.True(connection.RcvWnd >= 0, "the window is never negative");
        Assert.True(connection.ReceiveMemory <= MostMemory, "no more is kept than was allowed");
        if (connection.State == TcpState.Closed)
            Assert.Equal(Instant.Never, connection.Due);
        else if (connection.SndUna < connection.SndNxt)
            Assert.True(connection.Due != Instant.Never, $"what is in flight has a timer: {connection.Info}");
    }
}
