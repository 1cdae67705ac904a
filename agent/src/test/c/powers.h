/* powers.h: what the kernel itself does for the holder of a descriptor; see kernel_powers.c. */
#ifndef POWERS_H
#define POWERS_H

long open_perf(const char *unused);
long use_perf(int fd);
long open_bpf_map(const char *unused);
long use_bpf_map(int fd);
long open_bpf_program(const char *unused);
long use_bpf_program(int fd);
long open_bpf_link(const char *unused);
long use_bpf_link(int fd);
long open_listener(const char *unused);
long use_listener(int fd);
long use_kvm(int fd);

#endif
