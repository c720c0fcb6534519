/* Sends prepared request lines to a daemon over N connections, one in flight
 * on each, and prints the rate and the latencies.
 *
 *   bench_load SOCKET CONNECTIONS LINES.ndjson
 *
 * Prints: connections, answered, refused, req/s, p50 and p99 in ms. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_LIMIT = 1024,
    REPLY_SIZE = 65536
};

struct connection {
    int fd;
    double sent;
    size_t len;
    char reply[REPLY_SIZE];
};

static struct {
    FILE *lines;
    char *line;
    size_t room;
    double *times;
    size_t n_times;
    size_t times_room;
    size_t refused;
} bench;

static void die(const char *what)
{
    fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
        die("socket");
    }
    memcpy(address.sun_path, path, strlen(path));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        die(path);
    }
    return fd;
}

static bool send_next(struct connection *c)
{
    ssize_t len = getline(&bench.line, &bench.room, bench.lines);
    if (len <= 0) {
        return false;
    }
    c->sent = now_s();
    c->len = 0;
    for (ssize_t done = 0; done < len;) {
        ssize_t n = write(c->fd, bench.line + done, (size_t)(len - done));
        if (n < 0) {
            die("write");
        }
        done += n;
    }
    return true;
}

static void note(const struct connection *c)
{
    if (bench.n_times == bench.times_room) {
        bench.times_room = bench.times_room == 0 ? 4096 : bench.times_room * 2;
        bench.times =
            realloc(bench.times, bench.times_room * sizeof *bench.times);
        if (bench.times == NULL) {
            die("memory");
        }
    }
    bench.times[bench.n_times++] = now_s() - c->sent;
    if (strstr(c->reply, "\"error\"") != NULL) {
        if (bench.refused++ == 0) {
            fprintf(stderr, "bench_load: first refusal: %s\n", c->reply);
        }
    }
}

/* Reads what is there; true when the reply is whole. */
static bool receive(struct connection *c)
{
    ssize_t n = read(c->fd, c->reply + c->len, REPLY_SIZE - 1 - c->len);
    if (n <= 0) {
        die("read");
    }
    c->len += (size_t)n;
    c->reply[c->len] = '\0';
    return c->reply[c->len - 1] == '\n';
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(struct connection *all, int n)
{
    struct pollfd polls[CONNECTIONS_LIMIT];
    int busy = 0;
    for (int i = 0; i < n; i++) {
        bool sent = send_next(&all[i]);
        polls[i] =
            (struct pollfd){.fd = sent ? all[i].fd : -1, .events = POLLIN};
        busy += sent;
    }
    while (busy > 0) {
        if (poll(polls, (nfds_t)n, -1) < 0) {
            die("poll");
        }
        for (int i = 0; i < n; i++) {
            if (polls[i].fd < 0 || polls[i].revents == 0 || !receive(&all[i])) {
                continue;
            }
            note(&all[i]);
            if (!send_next(&all[i])) {
                polls[i].fd = -1;
                busy--;
            }
        }
    }
}

int main(int argc, char **argv)
{
    int n = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (n < 1 || n > CONNECTIONS_LIMIT) {
        fprintf(stderr, "usage: bench_load SOCKET CONNECTIONS LINES\n");
        return 2;
    }
    bench.lines = fopen(argv[3], "r");
    struct connection *all = calloc((size_t)n, sizeof *all);
    if (bench.lines == NULL || all == NULL) {
        die(argv[3]);
    }
    for (int i = 0; i < n; i++) {
        all[i].fd = dial(argv[1]);
    }
    double begin = now_s();
    run(all, n);
    double took = now_s() - begin;
    qsort(bench.times, bench.n_times, sizeof *bench.times, compare);
    printf("connections=%d answered=%zu refused=%zu req/s=%.0f p50=%.3fms "
           "p99=%.3fms\n",
           n, bench.n_times, bench.refused, (double)bench.n_times / took,
           bench.times[bench.n_times / 2] * 1e3,
           bench.times[bench.n_times * 99 / 100] * 1e3);
    free(all);
    free(bench.times);
    free(bench.line);
    fclose(bench.lines);
    return bench.refused > 0;
}
