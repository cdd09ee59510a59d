// The peer of bench 'http' that no server can beat by much: for whatever comes in on a connection it sends the same bytes, which
// lie ready. One recv and one send a request, one epoll_wait for all that are ready; nothing is looked at. What it costs is
// what Linux takes for it.
//
//   least PORT BYTES    a body of so many bytes, on the loopback
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_all(int socket, const char* bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent < 0) {
            struct pollfd room = {.fd = socket, .events = POLLOUT};
            if (poll(&room, 1, 1000) <= 0)
                return;
            continue;
        }
        bytes += sent;
        length -= sent;
    }
}

int main(int count, char** arguments)
{
    if (count != 3)
        return 2;
    int one = 1, body = atoi(arguments[2]), listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr*)&here, sizeof here) != 0 || listen(listener, 1024) != 0)
        return 1;

    // As many bytes of head as ours has.
    char* answer = malloc(body + 512);
    int length = sprintf(answer,
        "HTTP/1.1 200 OK\r\nDate: Wed, 07 Oct 2020 13:00:00 GMT\r\nServer: Twocan/0.1\r\n"
        "Last-Modified: Wed, 07 Oct 2020 13:00:00 GMT\r\nETag: \"0123456789abcdef\"\r\nAccept-Ranges: bytes\r\n"
        "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", body);
    memset(answer + length, 'x', body);
    length += body;

    int epoll = epoll_create1(0);
    struct epoll_event events[256], wanted = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int from = events[i].data.fd, connection;
            char request[4096];
            if (from != listener) {
                if (recv(from, request, sizeof request, 0) > 0)
                    send_all(from, answer, length);
                else
                    close(from);
                continue;
            }
            while ((connection = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
                setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                wanted.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
                wanted.data.fd = connection;
                epoll_ctl(epoll, EPOLL_CTL_ADD, connection, &wanted);
            }
        }
    }
}
