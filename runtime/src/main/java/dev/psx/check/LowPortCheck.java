package dev.psx.check;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.StringTokenizer;
import java.util.TreeSet;

/** Ports that only a privileged process may bind: those that are open stay open, until somebody wants to open them again. */
final class LowPortCheck implements Check {

    private static final int CAP_NET_BIND_SERVICE = 10;
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int LOCAL_INODE = 6;
    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final int HEX = 16;

    @Override
    public void run(Context context) {
        Set<String> sockets =
                context.subject.running() ? networkSockets(context.subject) : Collections.<String>emptySet();
        if (sockets.isEmpty() || context.after.has(CAP_NET_BIND_SERVICE)) {
            return;
        }
        SortedSet<Integer> ports = new TreeSet<>();
        for (String table : new String[] {"net/tcp", "net/tcp6"}) {
            addListening(context.subject.procText(table), sockets, ports);
        }
        ports = ports.headSet(firstUnprivileged(context.subject));
        if (!ports.isEmpty()) {
            context.findings.note(
                    "low-port",
                    "it listens on " + ports + ", which " + context.user() + " may not bind",
                    "the application closes the socket and opens it again, as some do to reload: BindException",
                    "keep the socket open, or have it passed in by who starts the JVM");
        }
    }

    /** Leaves out local ones, such as the output of a service: for the kernel the tables of the others are much work. */
    private static Set<String> networkSockets(Subject subject) {
        Set<String> sockets = new HashSet<>(subject.sockets());
        if (!sockets.isEmpty()) {
            for (String line : subject.procText("net/unix").split("\n")) {
                StringTokenizer fields = new StringTokenizer(line);
                for (int i = 0; i < LOCAL_INODE && fields.hasMoreTokens(); i++) {
                    fields.nextToken();
                }
                if (fields.hasMoreTokens()) {
                    sockets.remove(fields.nextToken());
                }
            }
        }
        return sockets;
    }

    private static int firstUnprivileged(Subject subject) {
        String text = subject.text("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        return text == null ? FIRST_UNPRIVILEGED : Integer.parseInt(text.trim());
    }

    private static void addListening(String table, Set<String> sockets, Set<Integer> ports) {
        for (String line : table.split("\n")) {
            if (!line.contains(LISTENING)) { // most lines, and there may be many
                continue;
            }
            List<String> fields = Words.split(line);
            if (fields.size() > INODE && fields.get(STATE).equals(LISTENING) && sockets.contains(fields.get(INODE))) {
                String address = fields.get(LOCAL_ADDRESS);
                ports.add(Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX));
            }
        }
    }
}
