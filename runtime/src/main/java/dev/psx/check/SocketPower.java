package dev.psx.check;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Sockets that only a privileged process can make, and connections whose other end takes the process for another user. */
final class SocketPower {

    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int PACKET = 17;
    private static final int XDP = 44;
    private static final int STREAM = 1;
    private static final int RAW = 3;
    private static final int SEQPACKET = 5;
    private static final int CAP_NET_RAW = 13;

    /** What libc looks names up with, and what takes log lines: whom they take the process for is no power. */
    private static final Pattern HARMLESS =
            Pattern.compile("(/var)?/run/nscd/.*|/var/lib/sss/pipes/nss|(/var)?/run/systemd/journal/.*|/dev/log");

    private final Context context;
    private final SocketLook look;
    private final KeptPowers kept;

    /** Names of sockets that listen: an accepted connection has the same. */
    private final Set<String> listening = new HashSet<>();

    private SocketPower(Context context, SocketLook look, KeptPowers kept) {
        this.context = context;
        this.look = look;
        this.kept = kept;
    }

    static void addAll(Context context, List<OpenDescriptor> sockets, KeptPowers kept) {
        try (SocketLook look = SocketLook.at(context)) {
            SocketPower power = new SocketPower(context, look, kept);
            for (OpenDescriptor socket : sockets) {
                SocketLook.Options options = look.options(socket);
                if (options != null && options.domain == SocketLook.UNIX && options.listens) {
                    power.listening.add(look.name(socket, "getsockname"));
                }
            }
            for (OpenDescriptor socket : sockets) {
                power.add(socket);
            }
        }
    }

    private void add(OpenDescriptor socket) {
        SocketLook.Options options = look.options(socket);
        if (options == null) {
            return;
        }
        if (options.domain == SocketLook.UNIX) {
            addUnix(socket, options);
        } else if (options.domain == PACKET || options.domain == XDP) {
            addRaw(socket, "packet socket", "sees and sends any frame of the network");
        } else if ((options.domain == INET || options.domain == INET6) && options.type == RAW) {
            addRaw(socket, "raw socket", "gets and sends packets of any content");
        }
    }

    private void addRaw(OpenDescriptor socket, String what, String allows) {
        if (!context.after.has(CAP_NET_RAW)) {
            kept.add(socket, what, allows, KeptPowers.CLOSE);
        }
    }

    /** Its other end may be our own: the JDK has such pairs. Who is asked who the peer is asks for the moment of the connection. */
    private void addUnix(OpenDescriptor socket, SocketLook.Options options) {
        boolean connection = (options.type == STREAM || options.type == SEQPACKET) && !options.listens;
        int owner = socket.owner();
        if (!connection || options.peerPid <= 0 || options.peerPid == context.subject.ownPid() || owner == uid()) {
            return;
        }
        String own = look.name(socket, "getsockname");
        String peer = look.name(socket, "getpeername");
        if (own != null
                && peer != null
                && (own.isEmpty() || !listening.contains(own))
                && !HARMLESS.matcher(peer).matches()) {
            kept.add(
                    socket,
                    "unix connection to " + (peer.isEmpty() ? "process " + options.peerPid : peer),
                    "counts as user " + Integer.toUnsignedString(owner) + "'s where it leads to (SO_PEERCRED)",
                    "close it before the drop and connect again afterwards");
        }
    }

    private int uid() {
        return context.after.uid();
    }

    /** Returns the path out of a struct sockaddr_un; names without one begin with an at sign. */
    static String path(byte[] address, int length) {
        if (length <= Short.BYTES) {
            return "";
        }
        String path = new String(
                address, Short.BYTES, Math.min(length, address.length) - Short.BYTES, StandardCharsets.UTF_8);
        int end = path.indexOf('\0', 1);
        return (path.charAt(0) == '\0' ? "@" : path.substring(0, 1)) + path.substring(1, end < 0 ? path.length() : end);
    }
}
