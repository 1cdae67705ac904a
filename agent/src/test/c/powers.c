/*
 * powers.c: descriptors that let whoever has them do what takes a privilege to begin. Each kind is opened, and used to the point where it is
 * seen that it works. JNI functions of dev.psx.agent.apps.Powers; all return -errno on failure.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "powers.h"

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Powers_##name

static long result(long value) {
    return value < 0 ? -errno : value;
}

/* Where the other process may be written without harm: the low end of its stack. */
static off_t stack_of(const char *pid) {
    char path[64], line[512];
    unsigned long start = 0;
    snprintf(path, sizeof path, "/proc/%s/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps && !start && fgets(line, sizeof line, maps)) {
        if (strstr(line, "[stack]")) {
            sscanf(line, "%lx", &start);
        }
    }
    if (maps) {
        fclose(maps);
    }
    return (off_t)start;
}

static off_t stack;

static long open_memory(const char *pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/mem", pid);
    stack = stack_of(pid);
    return result(open(path, O_RDWR | O_CLOEXEC));
}

static long use_memory(int fd) {
    char written = 42, got = 0;
    return pwrite(fd, &written, 1, stack) == 1 && pread(fd, &got, 1, stack) == 1 ? got : -errno;
}

/* In a network of the test's own every interface is down at first. */
static long bring_up(const char *interface) {
    struct ifreq request = {.ifr_flags = IFF_UP};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    long up = result(ioctl(any, SIOCSIFFLAGS, &request));
    close(any);
    return up;
}

static struct sockaddr_in local(void) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

static long open_raw(const char *unused) {
    (void)unused;
    bring_up("lo");
    return result(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

static long use_raw(int fd) {
    struct icmphdr echo = {.type = ICMP_ECHO, .checksum = (uint16_t)~ICMP_ECHO};
    struct sockaddr_in to = local();
    char got[256];
    return sendto(fd, &echo, sizeof echo, 0, (struct sockaddr *)&to, sizeof to) < 0 ? -errno
                                                                                  : result(recv(fd, got, sizeof got, 0));
}

static long open_packet(const char *unused) {
    (void)unused;
    bring_up("lo");
    return result(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
}

/* Sees what another socket sends. */
static long use_packet(int fd) {
    struct sockaddr_in to = local();
    int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sendto(other, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
    close(other);
    char frame[256];
    return result(recv(fd, frame, sizeof frame, 0));
}

static long open_connection(const char *path) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* The server answers with one byte what it takes us for. */
static long ask_server(int fd) {
    unsigned char answer = 0;
    return write(fd, "?", 1) == 1 && read(fd, &answer, 1) == 1 ? answer : -EPIPE;
}

static long open_tun(const char *unused) {
    (void)unused;
    struct ifreq request = {.ifr_name = "psx0", .ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    long up = bring_up(request.ifr_name);
    return up < 0 ? up : fd;
}

static long use_tun(int fd) {
    unsigned char packet[20] = {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    return result(write(fd, packet, sizeof packet));
}

/* Events are read when somebody else has opened the file. */
static long open_fanotify(const char *path) {
    int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_CLOEXEC);
    return fd < 0 || fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, path) < 0 ? -errno : fd;
}

static long use_fanotify(int fd) {
    struct fanotify_event_metadata event;
    char first = 0;
    if (read(fd, &event, sizeof event) < (ssize_t)sizeof event || pread(event.fd, &first, 1, 0) != 1) {
        return -errno;
    }
    close(event.fd);
    return first;
}

static long open_pipe(const char *path) {
    mkfifo(path, 0600);
    return result(open(path, O_RDWR | O_CLOEXEC));
}

static long use_pipe(int fd) {
    char got = 0;
    return write(fd, "*", 1) == 1 && read(fd, &got, 1) == 1 ? got : -errno;
}

static long use_directory(int fd) {
    struct stat root, top;
    char up[3 * 64 + 1] = "";
    for (int i = 0; i < 64; i++) {
        strcat(up, "../");
    }
    return stat("/", &root) == 0 && fstatat(fd, up, &top, 0) == 0 ? root.st_ino != top.st_ino || root.st_dev != top.st_dev : -errno;
}

static long use_file(int fd) {
    char first;
    return result(read(fd, &first, 1));
}

static long open_plain(const char *path) {
    return result(open(path, O_RDONLY | O_CLOEXEC));
}

static const struct kind {
    const char *name;
    long (*open)(const char *argument);
    long (*use)(int fd);
} KINDS[] = {
    {"memory", open_memory, use_memory},       {"raw", open_raw, use_raw},
    {"packet", open_packet, use_packet},       {"unix", open_connection, ask_server},
    {"tun", open_tun, use_tun},                {"fanotify", open_fanotify, use_fanotify},
    {"pipe", open_pipe, use_pipe},             {"directory", open_plain, use_directory},
    {"file", open_plain, use_file},            {"perf", open_perf, use_perf},
    {"bpf-map", open_bpf_map, use_bpf_map},    {"bpf-program", open_bpf_program, use_bpf_program},
    {"bpf-link", open_bpf_link, use_bpf_link}, {"seccomp", open_listener, use_listener},
    {"kvm", open_plain, use_kvm},
};

static const struct kind *kind_of(const char *name) {
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(KINDS[i].name, name) == 0) {
            return &KINDS[i];
        }
    }
    abort();
}

jlong JNI(open)(JNIEnv *env, jclass type, jstring kind, jstring argument) {
    (void)type;
    const char *name = (*env)->GetStringUTFChars(env, kind, NULL);
    const char *what = (*env)->GetStringUTFChars(env, argument, NULL);
    long fd = kind_of(name)->open(what);
    (*env)->ReleaseStringUTFChars(env, argument, what);
    (*env)->ReleaseStringUTFChars(env, kind, name);
    return fd;
}

jlong JNI(use)(JNIEnv *env, jclass type, jstring kind, jint fd) {
    (void)type;
    const char *name = (*env)->GetStringUTFChars(env, kind, NULL);
    long got = kind_of(name)->use(fd);
    (*env)->ReleaseStringUTFChars(env, kind, name);
    return got;
}

jlong JNI(close)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return result(close(fd));
}

jlong JNI(enter)(JNIEnv *env, jclass type, jstring root) {
    (void)type;
    const char *path = (*env)->GetStringUTFChars(env, root, NULL);
    long done = result(chroot(path) < 0 ? -1 : chdir("/"));
    (*env)->ReleaseStringUTFChars(env, root, path);
    return done;
}
