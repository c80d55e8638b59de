/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/probe/probe.h"

enum { VSOCK = 40, ALG = 38, RING_SIZE = 120 };

static int finish(int fd, int result)
{
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return fd < 0 || result < 0 ? -1 : 0;
}

static int reach_path(const char *path, int type)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t len = strlen(path);
    if (!len || len >= sizeof address.sun_path)
        return no(ENAMETOOLONG);
    memcpy(address.sun_path, path, len);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    /* "@name" is one without a file. */
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    else
        size++;
    int fd = socket(AF_UNIX, type, 0);
    return finish(fd, connect(fd, (struct sockaddr *)&address, size));
}

static int unix_tmux(void)
{
    return reach_path(value("tmux"), SOCK_STREAM);
}

static int unix_agent(void)
{
    return reach_path(value("agent"), SOCK_STREAM);
}

static int unix_docker(void)
{
    return reach_path(value("docker"), SOCK_STREAM);
}

static int unix_abstract(void)
{
    return reach_path(value("abstract"), SOCK_STREAM);
}

static int unix_datagram(void)
{
    return reach_path(value("datagram"), SOCK_DGRAM);
}

static int reach4(int type, const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)pid_value(port));
    int fd = socket(AF_INET, type, 0);
    return finish(fd, connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int reach6(int type, const char *port)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6,
                                    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    address.sin6_port = htons((uint16_t)pid_value(port));
    int fd = socket(AF_INET6, type, 0);
    return finish(fd, connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int tcp4(void)
{
    return reach4(SOCK_STREAM, "tcp");
}

static int tcp6(void)
{
    return reach6(SOCK_STREAM, "tcp");
}

static int udp4(void)
{
    return reach4(SOCK_DGRAM, "tcp");
}

static int udp6(void)
{
    return reach6(SOCK_DGRAM, "tcp");
}

static int tcp_listen(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return finish(fd, listen(fd, 1));
}

static int make(int family, int type, int protocol)
{
    return finish(socket(family, type, protocol), 0);
}

static int raw(void)
{
    return make(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int packet(void)
{
    return make(AF_PACKET, SOCK_RAW, 0);
}

static int netlink(void)
{
    return make(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static int vsock(void)
{
    return make(VSOCK, SOCK_STREAM, 0);
}

static int alg(void)
{
    return make(ALG, SOCK_SEQPACKET, 0);
}

static int io_uring(void)
{
    char parameters[RING_SIZE] = { 0 };
    return finish((int)syscall(SYS_io_uring_setup, 4, parameters), 0);
}

const struct probe probes_of_sockets[] = {
    { "unix-tmux", unix_tmux },
    { "unix-agent", unix_agent },
    { "unix-docker", unix_docker },
    { "unix-abstract", unix_abstract },
    { "unix-datagram", unix_datagram },
    { "tcp4", tcp4 },
    { "tcp6", tcp6 },
    { "tcp-listen", tcp_listen },
    { "udp4", udp4 },
    { "udp6", udp6 },
    { "raw", raw },
    { "packet", packet },
    { "netlink", netlink },
    { "vsock", vsock },
    { "alg", alg },
    { "io-uring", io_uring },
    { NULL, NULL },
};
