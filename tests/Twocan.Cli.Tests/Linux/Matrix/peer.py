"""The kernel's end of the matrix: connections that do what a line of JSON on standard input tells, and a line back for each.

    {"id": 1, "port": 9001, "connect": "10.9.0.1", "count": 1, "at_once": 1, "congestion": "bbr", "steps": ["send:5000", "shut", "drain"]}
    {"id": 1, "sent": 5000, "received": 0, "ends": {"": 1}, "wrong": null}

Without "connect" it listens, and says {"id": 1, "ready": true} first. An end is the name of an error, or nothing. Every octet
that comes in is compared with what belongs at its place. Arguments are the namespace's settings: tcp_sack=0 tcp_ecn=1.
"""

import collections, errno, hashlib, json, os, socket, struct, sys, threading, time

# A prime: no segment and no buffer fits into it, so what is out of place does not look right by accident.
PERIOD = 65521
PATTERN = b"".join(hashlib.sha256(struct.pack(">I", n)).digest() for n in range(2048))[:PERIOD] * 2
CHUNK = 32768
ANYWHERE = "::" if os.path.exists("/proc/sys/net/ipv6") else "0.0.0.0"
told = threading.Lock()
cells = {}


def tell(answer):
    with told:
        print(json.dumps(answer), flush=True)


class Wrong(Exception):
    pass


class Connection:
    def __init__(self, cell, sock):
        self.cell, self.sock, self.sent, self.received = cell, sock, 0, 0
        # Of this connection alone, and the same for both ends.
        self.salt = (sock.getsockname()[1] + sock.getpeername()[1]) * 7

    def run(self, steps):
        try:
            for step in steps:
                name, _, amount = step.partition(":")
                getattr(self, name)(*([float(amount)] if amount else []))
            return ""
        except OSError as error:
            return errno.errorcode.get(error.errno, str(error))
        finally:
            self.sock.close()

    def write(self, count):
        at = (self.salt + self.sent) % PERIOD
        self.sent += self.sock.send(PATTERN[at : at + min(count, CHUNK)])

    def read(self, count=CHUNK):
        data = self.sock.recv(count)
        # The other direction is half a period ahead.
        at = (self.salt + PERIOD // 2 + self.received) % PERIOD
        if data != PATTERN[at : at + len(data)]:
            raise Wrong(f"octet {self.received} or one of the {len(data)} behind it is wrong")
        self.received += len(data)
        return len(data)

    def send(self, count):
        end = self.sent + int(count)
        while self.sent < end:
            self.write(end - self.sent)

    def dribble(self, count):
        for _ in range(int(count)):
            self.write(1)

    def ask(self, count):
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(int(count)):
            self.write(1)
            if not self.read(1):
                raise OSError(errno.ENODATA, "the end, where an answer should be")

    def answer(self):
        while self.read(1):
            self.write(1)

    def take(self, count):
        end = self.received + int(count)
        while self.received < end and self.read(min(end - self.received, CHUNK)):
            pass

    def drain(self):
        while self.read():
            pass

    def both(self, count):
        failures = []

        def upward():
            try:
                self.send(count)
                self.shut()
            except OSError as failure:
                failures.append(failure)

        writer = threading.Thread(target=upward, daemon=True)
        writer.start()
        self.drain()
        writer.join()
        if failures:
            raise failures[0]

    def flood(self):
        while True:
            self.write(CHUNK)

    def shut(self):
        self.sock.shutdown(socket.SHUT_WR)

    def wait(self, seconds):
        time.sleep(seconds)

    def gate(self):
        self.cell.gate.wait()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Cell:
    def __init__(self, order):
        self.order, self.count = order, order["count"]
        self.gate = threading.Barrier(self.count)
        self.slots = threading.Semaphore(order["at_once"])
        self.ends, self.wrong, self.sent, self.received, self.over = collections.Counter(), None, 0, 0, 0
        self.listener, self.open, self.lock = None, set(), threading.Lock()

    def run(self):
        make = self.connect if "connect" in self.order else self.accept
        if make == self.accept:
            self.listener = self.socket(ANYWHERE)
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((ANYWHERE, self.order["port"]))
            self.listener.listen(4096)
            tell({"id": self.order["id"], "ready": True})
        for _ in range(self.count):
            self.slots.acquire()
            sock = self.accept() if make == self.accept else None
            threading.Thread(target=self.converse, args=[sock], daemon=True).start()

    def socket(self, address):
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, self.order["congestion"].encode())
        return made

    def connect(self):
        made = self.socket(self.order["connect"])
        self.open.add(made)
        made.connect((self.order["connect"], self.order["port"]))
        return made

    def accept(self):
        try:
            return self.listener.accept()[0]
        except OSError:
            return None

    def converse(self, sock):
        end, wrong, connection = "", None, None
        try:
            sock = sock or (self.connect() if self.listener is None else None)
            if sock is None:
                end = "ECANCELED"
            else:
                self.open.add(sock)
                connection = Connection(self, sock)
                end = connection.run(self.order["steps"])
        except OSError as error:
            end = errno.errorcode.get(error.errno, str(error))
        except threading.BrokenBarrierError:
            end = "ECANCELED"
        except Wrong as error:
            wrong = str(error)
        self.slots.release()
        with self.lock:
            self.open.discard(sock)
            self.ends[end] += 1
            self.wrong = self.wrong or wrong
            if connection:
                self.sent += connection.sent
                self.received += connection.received
            self.over += 1
            if self.over == self.count:
                self.close()

    def close(self):
        if self.listener:
            self.listener.close()
        cells.pop(self.order["id"], None)
        tell({"id": self.order["id"], "sent": self.sent, "received": self.received, "ends": self.ends, "wrong": self.wrong})

    def abandon(self):
        self.gate.abort()
        for sock in [self.listener, *self.open]:
            try:
                if sock:
                    sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


for setting in sys.argv[1:]:
    name, _, value = setting.partition("=")
    with open(f"/proc/sys/net/ipv4/{name}", "w") as file:
        file.write(value)
threading.stack_size(256 * 1024)


def can(congestion):
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
        return True
    except OSError:
        return False


tell({"congestion": [name for name in ("cubic", "reno", "bbr") if can(name)]})
for line in sys.stdin:
    order = json.loads(line)
    if "abandon" in order:
        if order["abandon"] in cells:
            cells[order["abandon"]].abandon()
    else:
        cells[order["id"]] = Cell(order)
        threading.Thread(target=cells[order["id"]].run, daemon=True).start()
