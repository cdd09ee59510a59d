// The peer of bench 'tcp': two network interfaces of one lwIP (Debian's liblwip-dev), joined by a wire in memory, and a TCP
// connection from one to the other, all in one thread by lwIP's raw calls. Frames are whole and copied from end to end,
// checksums are made and verified, ARP finds the neighbour.
//
//   pair bulk BYTES    one connection, 64 KiB at a time, every byte compared: prints bits, processor seconds, bytes
//   pair rr COUNT      one byte there, one byte back: prints exchanges, processor seconds, exchanges
//   pair crr COUNT     the same with a new connection for each
#include "ends.h"

#include <lwip/init.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>

#include <unistd.h>

#define CHUNK 65536
#define WIRE 4096 // frames that may be on the way; a power of two

static struct { struct pbuf* frame; struct netif* to; } wire[WIRE];
static unsigned wire_first, wire_next;

static uint8_t pattern[CHUNK + 256];
static uint64_t amount, sent, received, done;
static int is_connecting, wants_fresh;

static err_t transmit(struct netif* from, struct pbuf* frame)
{
    if (wire_next - wire_first == WIRE)
        return ERR_MEM;
    struct pbuf* copy = pbuf_alloc(PBUF_RAW, frame->tot_len, PBUF_RAM);
    pbuf_copy(copy, frame);
    wire[wire_next % WIRE].frame = copy;
    wire[wire_next++ % WIRE].to = from == &here ? &there : &here;
    return ERR_OK;
}

// Frames that are on the way arrive; where there are none, time passes.
static void step(void)
{
    if (wire_first == wire_next) {
        usleep(200);
    } else {
        for (int i = 0; i < 64 && wire_first != wire_next; i++, wire_first++) {
            struct netif* to = wire[wire_first % WIRE].to;
            if (to->input(wire[wire_first % WIRE].frame, to) != ERR_OK)
                pbuf_free(wire[wire_first % WIRE].frame);
        }
    }
    sys_check_timeouts();
}

static void on_error(void* arg, err_t error)
{
    (void)arg;
    fprintf(stderr, "connection failed: %d\n", error);
    exit(1);
}

static void connect_with(tcp_recv_fn on_data, tcp_connected_fn on_connected)
{
    struct tcp_pcb* pcb = tcp_new();
    ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
    tcp_bind_netif(pcb, &here);
    tcp_recv(pcb, on_data);
    tcp_err(pcb, on_error);
    if (tcp_connect(pcb, &to, PORT, on_connected) != ERR_OK)
        fail("connect");
}

static void listen_with(tcp_accept_fn on_accept)
{
    struct tcp_pcb* pcb = tcp_new();
    tcp_bind_netif(pcb, &there);
    if (tcp_bind(pcb, IP_ANY_TYPE, PORT) != ERR_OK)
        fail("bind");
    tcp_accept(tcp_listen_with_backlog(pcb, 255), on_accept);
}

// bulk

static void fill(struct tcp_pcb* pcb)
{
    while (sent < amount) {
        const size_t offset = sent % CHUNK;
        size_t count = tcp_sndbuf(pcb);
        if (count > CHUNK - offset)
            count = CHUNK - offset;
        if (count > amount - sent)
            count = amount - sent;
        if (count == 0 || tcp_write(pcb, pattern + offset, count, TCP_WRITE_FLAG_COPY) != ERR_OK)
            break;
        sent += count;
    }
    tcp_output(pcb);
}

static err_t on_room(void* arg, struct tcp_pcb* pcb, u16_t length)
{
    (void)arg, (void)length;
    fill(pcb);
    return ERR_OK;
}

static err_t on_bulk_connected(void* arg, struct tcp_pcb* pcb, err_t error)
{
    (void)arg, (void)error;
    tcp_sent(pcb, on_room);
    fill(pcb);
    return ERR_OK;
}

static err_t on_bulk_data(void* arg, struct tcp_pcb* pcb, struct pbuf* data, err_t error)
{
    (void)arg, (void)error;
    if (!data)
        return ERR_OK;
    for (struct pbuf* p = data; p; p = p->next) {
        if (memcmp(p->payload, pattern + received % 256, p->len))
            fail("wrong bytes");
        received += p->len;
    }
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
}

static err_t on_bulk_accept(void* arg, struct tcp_pcb* pcb, err_t error)
{
    (void)arg, (void)error;
    tcp_recv(pcb, on_bulk_data);
    return ERR_OK;
}

// rr, crr

static err_t on_server_data(void* arg, struct tcp_pcb* pcb, struct pbuf* data, err_t error)
{
    (void)arg, (void)error;
    if (!data) {
        tcp_close(pcb);
        return ERR_OK;
    }
    tcp_recved(pcb, data->tot_len);
    tcp_write(pcb, data->payload, 1, TCP_WRITE_FLAG_COPY);
    tcp_output(pcb);
    pbuf_free(data);
    return ERR_OK;
}

static err_t on_server_accept(void* arg, struct tcp_pcb* pcb, err_t error)
{
    (void)arg, (void)error;
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, on_server_data);
    return ERR_OK;
}

static err_t ask(struct tcp_pcb* pcb)
{
    tcp_write(pcb, "?", 1, TCP_WRITE_FLAG_COPY);
    return tcp_output(pcb);
}

static err_t on_client_connected(void* arg, struct tcp_pcb* pcb, err_t error)
{
    (void)arg, (void)error;
    is_connecting = 0;
    tcp_nagle_disable(pcb);
    return ask(pcb);
}

static err_t on_client_data(void* arg, struct tcp_pcb* pcb, struct pbuf* data, err_t error)
{
    (void)arg, (void)error;
    if (!data)
        return ERR_OK;
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    done++;
    if (!wants_fresh)
        return done < amount ? ask(pcb) : ERR_OK;
    tcp_close(pcb);
    is_connecting = 1;
    return ERR_OK;
}

int main(int argc, char** argv)
{
    if (argc != 3)
        fail("usage: pair bulk|rr|crr AMOUNT");
    amount = strtoull(argv[2], NULL, 10);
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = (uint8_t)i;
    lwip_init();
    add(&here, "10.0.0.1", ethernet_input);
    add(&there, "10.0.0.2", ethernet_input);

    if (!strcmp(argv[1], "bulk")) {
        listen_with(on_bulk_accept);
        connect_with(on_bulk_data, on_bulk_connected);
        const double began = cpu_seconds();
        while (received < amount)
            step();
        printf("%llu %.6f %llu\n", (unsigned long long)received * 8, cpu_seconds() - began, (unsigned long long)received);
        return 0;
    }
    wants_fresh = !strcmp(argv[1], "crr");
    listen_with(on_server_accept);
    connect_with(on_client_data, on_client_connected);
    const double began = cpu_seconds();
    while (done < amount) {
        step();
        if (is_connecting && wants_fresh) {
            is_connecting = 0;
            connect_with(on_client_data, on_client_connected);
        }
    }
    printf("%llu %.6f %llu\n", (unsigned long long)done, cpu_seconds() - began, (unsigned long long)done);
    return 0;
}
