package dev.psx.check;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks sockets what they are. Those of another process by a copy of the descriptor (pidfd_getfd, Linux 5.6): {@code /proc} has
 * tables of sockets, but not who is at the other end.
 */
final class SocketLook implements AutoCloseable {

    static final int UNIX = 1;

    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_PEERCRED = 17;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int UCRED_SIZE = 12;
    private static final int ADDRESS_SIZE = 128;

    private final Context context;

    /** Of the other process; -1 if there is none, or the kernel cannot say. */
    private final int pidfd;

    private final Map<OpenDescriptor, Options> known = new HashMap<>();

    private SocketLook(Context context, int pidfd) {
        this.context = context;
        this.pidfd = pidfd;
    }

    static SocketLook at(Context context) {
        int pid = context.subject.pid();
        return new SocketLook(context, pid == 0 ? -1 : (int) call(context, "pidfd_open", pid, 0));
    }

    private static long call(Context context, String name, long... arguments) {
        return context.own(new Program().add(name, arguments)).result;
    }

    /** Returns what the socket is, or null if that cannot be told. */
    Options options(OpenDescriptor socket) {
        if (!known.containsKey(socket)) {
            known.put(socket, ask(socket));
        }
        return known.get(socket);
    }

    private Options ask(OpenDescriptor socket) {
        int own = open(socket);
        OwnCall kind = ask(own, SO_DOMAIN, SO_TYPE);
        boolean unix = !Errno.isError(kind.result) && word(kind.blob(0), 0) == UNIX; // of the others there may be many
        OwnCall connection = unix ? ask(own, SO_ACCEPTCONN, SO_PEERCRED) : null;
        close(own);
        boolean failed = Errno.isError(kind.result) || connection != null && Errno.isError(connection.result);
        return failed ? null : new Options(kind, connection);
    }

    private OwnCall ask(int own, int... options) {
        Program questions = new Program();
        for (int option : options) {
            byte[] value = new byte[UCRED_SIZE];
            questions.addShown("getsockopt", "getsockopt", own, SOL_SOCKET, option, value, length(value.length));
        }
        return context.own(questions);
    }

    /** Returns a name as {@code getsockname} or {@code getpeername} gives it: a path, empty without one, null if there is no peer. */
    String name(OpenDescriptor socket, String which) {
        int own = open(socket);
        byte[] room = new byte[ADDRESS_SIZE];
        OwnCall answer = context.own(new Program().addShown(which, which, own, room, length(room.length)));
        close(own);
        return Errno.isError(answer.result) ? null : SocketPower.path(answer.blob(0), word(answer.blob(1), 0));
    }

    /** Returns a descriptor of ours for it; a negative number if there is none. */
    private int open(OpenDescriptor socket) {
        return context.subject.isOwn() ? socket.number : (int) call(context, "pidfd_getfd", pidfd, socket.number, 0);
    }

    private void close(int own) {
        if (!context.subject.isOwn() && own >= 0) {
            call(context, "close", own);
        }
    }

    @Override
    public void close() {
        if (pidfd >= 0) {
            call(context, "close", pidfd);
        }
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .array();
    }

    private static int word(byte[] blob, int index) {
        return ByteBuffer.wrap(blob).order(ByteOrder.nativeOrder()).getInt(index * Integer.BYTES);
    }

    /** The answers; who is at the other end only of unix sockets. */
    static final class Options {

        final int domain;
        final int type;
        final boolean listens;
        final int peerPid;

        /** Each question has two arguments in memory: the value and its length. */
        private Options(OwnCall kind, OwnCall connection) {
            domain = word(kind.blob(0), 0);
            type = word(kind.blob(2), 0);
            listens = connection != null && word(connection.blob(0), 0) != 0;
            peerPid = connection == null ? 0 : word(connection.blob(2), 0);
        }
    }
}
