// The same as pair.c's rr and crr by lwIP's socket calls, which is what our own programs use: descriptors, and calls that
// wait. lwIP needs three threads for that: a client's, a server's, and its own, in which what arrives is worked on.
//
//   sockets rr COUNT    one byte there, one byte back: prints exchanges, processor seconds, exchanges
//   sockets crr COUNT   the same with a new connection for each
#include "ends.h"

#include <lwip/sockets.h>
#include <lwip/tcpip.h>

#include <netinet/tcp.h>
#include <pthread.h>

static uint64_t amount;
static int wants_fresh;

static err_t transmit(struct netif* from, struct pbuf* frame)
{
    struct netif* to = from == &here ? &there : &here;
    if (!netif_is_up(to))
        return ERR_OK;
    struct pbuf* copy = pbuf_alloc(PBUF_RAW, frame->tot_len, PBUF_RAM);
    pbuf_copy(copy, frame);
    if (to->input(copy, to) != ERR_OK)
        pbuf_free(copy);
    return ERR_OK;
}

// A socket of one of the two ends: without this lwIP would take the short way from itself to itself.
static int socket_of(struct netif* netif)
{
    const int on = 1;
    struct ifreq name = {0};
    const int s = lwip_socket(AF_INET, SOCK_STREAM, 0);
    LOCK_TCPIP_CORE();
    netif_index_to_name(netif_get_index(netif), name.ifr_name);
    UNLOCK_TCPIP_CORE();
    if (s < 0 || lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, &name, sizeof name) < 0)
        fail("socket");
    lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return s;
}

static void* serve(void* started)
{
    const int on = 1;
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    const int listener = socket_of(&there);
    if (lwip_bind(listener, (struct sockaddr*)&local, sizeof local) < 0 || lwip_listen(listener, 255) < 0)
        fail("listen");
    sys_sem_signal(started);
    while (1) {
        char byte;
        const int s = lwip_accept(listener, NULL, NULL);
        lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        while (lwip_read(s, &byte, 1) == 1)
            lwip_write(s, &byte, 1);
        lwip_close(s);
    }
}

static int connect_it(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(0x0A000002)};
    const int s = socket_of(&here);
    if (lwip_connect(s, (struct sockaddr*)&to, sizeof to) < 0)
        fail("connect");
    return s;
}

static void start(void* ready)
{
    add(&here, "10.0.0.1", tcpip_input);
    add(&there, "10.0.0.2", tcpip_input);
    sys_sem_signal(ready);
}

int main(int argc, char** argv)
{
    if (argc != 3)
        fail("usage: sockets rr|crr AMOUNT");
    amount = strtoull(argv[2], NULL, 10);
    wants_fresh = !strcmp(argv[1], "crr");
    sys_sem_t ready;
    pthread_t server;
    sys_sem_new(&ready, 0);
    tcpip_init(start, &ready);
    sys_sem_wait(&ready);
    pthread_create(&server, NULL, serve, &ready);
    sys_sem_wait(&ready);

    int s = connect_it();
    const double began = cpu_seconds();
    for (uint64_t i = 0; i < amount; i++) {
        char byte = 1;
        if (i > 0 && wants_fresh) {
            lwip_close(s);
            s = connect_it();
        }
        if (lwip_write(s, &byte, 1) != 1 || lwip_read(s, &byte, 1) != 1)
            fail("exchange");
    }
    printf("%llu %.6f %llu\n", (unsigned long long)amount, cpu_seconds() - began, (unsigned long long)amount);
    return 0;
}
