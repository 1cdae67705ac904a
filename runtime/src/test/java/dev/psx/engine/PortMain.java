package dev.psx.engine;

import dev.psx.spi.EnginePort;
import dev.psx.spi.ExecLockState;
import dev.psx.spi.Program;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Looks at the port from inside; prints "ok NAME" for each check that holds. */
final class PortMain {

    private PortMain() {}

    public static void main(String[] arguments) throws Exception {
        Function<Object[], Object> port = EnginePort.get();
        threadsAreRegistered(port);
        badProgramsAreRefused(port);
        hungReaderIsNamed(port);
        lockIsExclusive(port);
        ownCallsAreTheCallersAlone(port);
        secondCopyUsesTheFirst();
        secondEngineIsRefused();
    }

    private static void threadsAreRegistered(Function<Object[], Object> port) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread younger = new Thread(() -> {
            running.countDown();
            await(end);
        });
        younger.setName("ein Name, länger als die fünfzehn Zeichen des Kerns");
        younger.start();
        running.await();
        for (Thread thread : new Thread[] {Thread.currentThread(), younger}) {
            Object[] task = Arrays.stream((Object[]) port.apply(new Object[] {"tasks"}))
                    .map(Object[].class::cast)
                    .filter(candidate -> thread.getName().equals(candidate[4]))
                    .findFirst()
                    .orElseThrow();
            check(task[1].equals(thread.getId()) && ((int[]) task[0])[1] == 1, thread.getName());
        }
        end.countDown();
        younger.join();
        boolean gone = Arrays.stream((Object[]) port.apply(new Object[] {"tasks"}))
                .noneMatch(task -> younger.getName().equals(((Object[]) task)[4]));
        check(gone, "threads");
        System.out.println("ok threads");
    }

    private static void badProgramsAreRefused(Function<Object[], Object> port) {
        for (int words : new int[] {0, 7, 129 * 8}) {
            try {
                port.apply(new Object[] {"broadcast", new long[words], new byte[0][], 0});
                throw new AssertionError(words + " words were accepted");
            } catch (IllegalArgumentException e) {
                check(e.getMessage().contains("1 to 128 calls"), e.getMessage());
            }
        }
        System.out.println("ok programs");
    }

    private static void hungReaderIsNamed(Function<Object[], Object> port) throws InterruptedException {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread reader = new Thread(
                () -> {
                    ExecLockState.enterShared();
                    holding.countDown();
                    await(end);
                    ExecLockState.exitShared();
                },
                "hung");
        reader.start();
        holding.await();
        port.apply(new Object[] {"configure", Map.of("give-up-us", 20_000L)});
        Object[] answer = (Object[]) port.apply(getpid());
        check(((long[]) answer[0])[0] == 2 && ((String) answer[2]).contains("hung"), Arrays.toString(answer));
        end.countDown();
        reader.join();
        port.apply(new Object[] {"configure", Map.of("give-up-us", 3_000_000L)});
        check(((long[]) ((Object[]) port.apply(getpid()))[0])[0] == 0, "after the reader");
        System.out.println("ok reader");
    }

    private static void lockIsExclusive(Function<Object[], Object> port) throws InterruptedException {
        check((Boolean) port.apply(new Object[] {"lock-exclusive"}), "lock");
        check(((long[]) ((Object[]) port.apply(getpid()))[0])[0] == 0, "broadcast by the holder");
        boolean[] entered = {true};
        Thread other = new Thread(() -> entered[0] = ExecLockState.tryExclusive(1_000_000));
        other.start();
        other.join();
        check(!entered[0], "the lock was taken twice");
        port.apply(new Object[] {"unlock-exclusive"});
        port.apply(new Object[] {"lock-shared"});
        port.apply(new Object[] {"unlock-shared"});
        System.out.println("ok lock");
    }

    private static void ownCallsAreTheCallersAlone(Function<Object[], Object> port) {
        Program program = new Program()
                .add("gettid")
                .addShown("getcwd", "getcwd", new byte[1000], 1000)
                .add("close", -1)
                .add("exit_group", 3);
        Object[] answer = (Object[]) port.apply(new Object[] {"own", program.encoded(), program.blobs()});
        check(answer[0].equals(-9L), "the first call that fails is the last: " + answer[0]);
        String directory = new String(((byte[][]) answer[1])[0], StandardCharsets.UTF_8);
        check(directory.startsWith(new File("").getAbsolutePath() + '\0'), directory.strip());
        check(program.blobs()[0][0] == 0, "the program's own copy stays");
        System.out.println("ok own");
    }

    private static void secondCopyUsesTheFirst() throws Exception {
        Object[] answer = (Object[])
                call(otherLoader(), EnginePort.class.getName(), "get").apply(getpid());
        check(((long[]) answer[0])[2] == ProcessHandle.current().pid(), Arrays.toString(answer));
        System.out.println("ok copy");
    }

    private static void secondEngineIsRefused() throws Exception {
        try {
            call(otherLoader(), NativeEngine.class.getName(), "start");
            throw new AssertionError("two engines");
        } catch (java.lang.reflect.InvocationTargetException e) {
            check(
                    e.getCause().getMessage().startsWith("another copy of psx is at work"),
                    e.getCause().toString());
        }
        System.out.println("ok second");
    }

    @SuppressWarnings("unchecked")
    private static Function<Object[], Object> call(ClassLoader loader, String type, String method) throws Exception {
        return (Function<Object[], Object>)
                loader.loadClass(type).getMethod(method).invoke(null);
    }

    private static ClassLoader otherLoader() throws Exception {
        String[] path = System.getProperty("java.class.path").split(File.pathSeparator);
        URL[] urls = new URL[path.length];
        for (int i = 0; i < path.length; i++) {
            urls[i] = new File(path[i]).toURI().toURL();
        }
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static Object[] getpid() {
        Program program = new Program().add("getpid");
        return new Object[] {"broadcast", program.encoded(), program.blobs(), 0};
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
