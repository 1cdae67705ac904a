package dev.psx.process;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** The launcher's own threads. They belong to no application: neither to its thread groups nor to its class loaders. */
final class Threads {

    private static LinkedBlockingQueue<Runnable> spawning;

    private Threads() {}

    static void start(String name, Runnable task) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread thread = new Thread(group, task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    /** Whether the calling thread is one of Java 21 that is none of the kernel's. */
    static boolean isVirtual() {
        return Thread.currentThread().getClass().getName().equals("java.lang.VirtualThread");
    }

    /** Does something in a thread that never ends: Linux takes the end of a thread for the death of the parent. */
    static <T> T inLastingThread(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        queue().add(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error) {
                        throw (Error) e.getCause();
                    }
                    throw (RuntimeException) e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static synchronized LinkedBlockingQueue<Runnable> queue() {
        if (spawning == null) {
            LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
            start("psx parent", () -> serve(tasks));
            spawning = tasks;
        }
        return spawning;
    }

    private static void serve(LinkedBlockingQueue<Runnable> tasks) {
        while (true) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                // nobody has a reason to; and this thread must not end
            }
        }
    }
}
