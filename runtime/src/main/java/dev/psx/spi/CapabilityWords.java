package dev.psx.spi;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Internal: capability sets in the words of capabilities(7), without their prefix. */
public final class CapabilityWords {

    private static final String[] NAMES = {
        "chown",
        "dac_override",
        "dac_read_search",
        "fowner",
        "fsetid",
        "kill",
        "setgid",
        "setuid",
        "setpcap",
        "linux_immutable",
        "net_bind_service",
        "net_broadcast",
        "net_admin",
        "net_raw",
        "ipc_lock",
        "ipc_owner",
        "sys_module",
        "sys_rawio",
        "sys_chroot",
        "sys_ptrace",
        "sys_pacct",
        "sys_admin",
        "sys_boot",
        "sys_nice",
        "sys_resource",
        "sys_time",
        "sys_tty_config",
        "mknod",
        "lease",
        "audit_write",
        "audit_control",
        "setfcap",
        "mac_override",
        "mac_admin",
        "syslog",
        "wake_alarm",
        "block_suspend",
        "audit_read",
        "perfmon",
        "bpf",
        "checkpoint_restore",
    };

    /** Of a set that lacks no more than these, what is missing says more than what is there. */
    private static final int FEW = 6;

    private static final long ALL = all();

    private CapabilityWords() {}

    public static String of(long set) {
        return of(set, ALL);
    }

    /** Names a set, given the one of all capabilities that the kernel knows. */
    public static String of(long set, long all) {
        if (set == 0) {
            return "none";
        }
        long missing = all & ~set;
        if (missing == 0) {
            return "all";
        }
        return Long.bitCount(missing) <= FEW && (set & ~all) == 0 ? "all but " + names(missing) : names(set);
    }

    private static String names(long set) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((set >>> i & 1) != 0) {
                names.add(i < NAMES.length ? NAMES[i] : "cap_" + i);
            }
        }
        return String.join(" ", names);
    }

    private static long all() {
        int last;
        // Files.readAllBytes begins with one byte where the size is unknown; files below /proc/sys give the rest to
        // nobody.
        byte[] digits = new byte[16];
        try (InputStream in = new FileInputStream("/proc/sys/kernel/cap_last_cap")) {
            last = Integer.parseInt(
                    new String(digits, 0, Math.max(0, in.read(digits)), StandardCharsets.US_ASCII).trim());
        } catch (IOException | NumberFormatException e) {
            // A restricted /proc may lack the file: then the names above are all.
            last = NAMES.length - 1;
        }
        return -1L >>> (Long.SIZE - 1 - last);
    }
}
