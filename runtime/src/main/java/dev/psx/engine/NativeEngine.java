package dev.psx.engine;

import dev.psx.spi.ExecLockState;
import dev.psx.spi.LastChild;
import dev.psx.spi.ProcessEnd;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The engine of this process, as a port: requests of {@code java.*} types go in, results of such types come out. The requests
 * are listed in {@code runtime/README.md}.
 */
public final class NativeEngine implements Function<Object[], Object> {

    private static NativeEngine started;

    private final EngineLibrary engine;
    private final Broadcaster broadcaster;
    private final Prober prober;
    private final Spawner spawner;
    private final TaskList tasks;
    private final UserDatabase users;
    private final Libc libc;

    private NativeEngine(EngineLibrary engine, Libc libc) {
        this.engine = engine;
        broadcaster = new Broadcaster(engine);
        prober = new Prober(engine);
        spawner = new Spawner(engine);
        tasks = new TaskList(engine, new TableFile(libc, engine.tableDescriptor()));
        users = new UserDatabase(libc);
        this.libc = libc;
    }

    /**
     * Loads and starts the engine, unless this class has done so.
     *
     * @throws IllegalStateException which says why there can be no engine, and what to do about it
     */
    public static synchronized Function<Object[], Object> start() {
        if (started == null) {
            boolean interrupted = Thread.interrupted(); // it would close the channels that the files are written with
            try {
                started = load();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        return started;
    }

    private static NativeEngine load() {
        EngineLibrary engine = new EngineLibrary(new NativeFiles(Start.effectiveUser()).load());
        Libc libc = new Libc();
        endProcessWith(libc.function("_exit"));
        Start.run(engine, libc);
        return new NativeEngine(engine, libc);
    }

    /**
     * Unlike Runtime.halt the system call asks no security manager, and waits for no thread to come to a safepoint. It is found
     * beforehand: when it is needed, nothing may be left to be looked up with.
     */
    private static void endProcessWith(com.sun.jna.Function exit) {
        ProcessEnd.exit = new IntConsumer() {
            @Override
            public void accept(int code) {
                exit.invokeVoid(new Object[] {code});
            }
        };
    }

    @Override
    public Object apply(Object[] request) {
        String operation = (String) request[0];
        switch (operation) {
            case "broadcast":
                return broadcaster.broadcast((long[]) request[1], (byte[][]) request[2], (Integer) request[3]);
            case "trial":
                return broadcaster.trial((long[]) request[1], (byte[][]) request[2]);
            case "own":
                return broadcaster.own((long[]) request[1], (byte[][]) request[2]);
            case "probe":
                return prober.probe(
                        (long[]) request[1], (byte[][]) request[2], (long[]) request[3], (byte[][]) request[4]);
            case "spawn":
                return spawner.spawn((long[]) request[1], (long[]) request[2], (byte[]) request[3], (int[]) request[4]);
            case "exec":
                return broadcaster.exec(
                        (long[]) request[1], (byte[]) request[2], (int[]) request[3], (int[]) request[4]);
            case "tasks":
                return tasks.read();
            case "task-file":
                return tasks.file((Integer) request[1], (String) request[2]);
            case "confine":
                return engine.confine();
            case "reopen":
                return engine.reopen();
            case "ring":
                return engine.ring((Integer) request[1], (Boolean) request[2]);
            case "user":
                return users.user((String) request[1]);
            case "group":
                return users.group((String) request[1]);
            case "environment":
                return libc.environment();
            case "configure":
                return configure((Map<?, ?>) request[1]);
            case "last-child":
                return new long[] {LastChild.age(), broadcaster.giveUpNanos()};
            case "plan":
            case "divergence":
            case "child-profile":
                return null; // the agent answers these itself
            default:
                return lock(operation);
        }
    }

    private Object configure(Map<?, ?> settings) {
        broadcaster.configure((Long) settings.get("max-pause-us"), (Long) settings.get("give-up-us"));
        return null;
    }

    private Boolean lock(String operation) {
        switch (operation) {
            case "lock-exclusive":
                return broadcaster.lock();
            case "unlock-exclusive":
                ExecLockState.exitExclusive();
                return true;
            case "lock-shared":
                ExecLockState.enterShared();
                return true;
            case "unlock-shared":
                LastChild.made(); // perhaps: what it was taken for is known to the taker only
                ExecLockState.exitShared();
                return true;
            default:
                throw new IllegalArgumentException("the engine does not know the request \"" + operation + "\"");
        }
    }
}
