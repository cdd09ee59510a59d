// What the programs of this folder have in common: two network interfaces of one lwIP, the ends of a wire that each makes in
// its own way (transmit), and how they end and are measured.
#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <netif/ethernet.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PORT 5001

static struct netif here, there;

// Puts a copy of a frame on the wire to the other end.
static err_t transmit(struct netif* from, struct pbuf* frame);

static void fail(const char* what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static err_t init(struct netif* netif)
{
    static uint8_t last;
    const uint8_t address[] = {2, 0, 0, 0, 0, ++last};
    memcpy(netif->hwaddr, address, sizeof address);
    netif->hwaddr_len = sizeof address;
    netif->mtu = 1500;
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    netif->output = etharp_output;
    netif->linkoutput = transmit;
    return ERR_OK;
}

static void add(struct netif* netif, const char* text, netif_input_fn input)
{
    ip4_addr_t address, mask, gateway;
    ip4addr_aton(text, &address);
    ip4addr_aton("255.255.255.0", &mask);
    ip4_addr_set_zero(&gateway);
    netif_add(netif, &address, &mask, &gateway, NULL, init, input);
    netif_set_up(netif);
}
