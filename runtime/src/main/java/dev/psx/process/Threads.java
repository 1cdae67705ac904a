package dev.psx.process;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The launcher's own threads. They belong to no application: neither to its thread groups nor to its class loaders, nor do they inherit anything that leads there. */
final class Threads {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static LinkedBlockingQueue<Runnable> spawning;

    private Threads() {}

    static void start(String name, Runnable task) {
        AccessController.doPrivileged((PrivilegedAction<Void>) () -> {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group.getParent() != null) {
                group = group.getParent();
            }
            Thread thread = create(group, task, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
            return null;
        });
    }

    /** Without the thread locals that children of the caller would inherit; Java 8 knows no way to do so. */
    private static Thread create(ThreadGroup group, Runnable task, String name) {
        try {
            return Thread.class
                    .getConstructor(ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class)
                    .newInstance(group, task, name, 0L, false);
        } catch (ReflectiveOperationException e) {
            return new Thread(group, task, name);
        }
    }

    /** Tries something until it is done. No lack of memory ends that. */
    static void untilDone(BooleanSupplier task) {
        boolean done = false;
        while (!done) {
            try {
                done = task.getAsBoolean();
            } catch (Throwable e) { // again
                done = false;
            }
            if (!done) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Whether the calling thread is one of Java 21 that is none of the kernel's. */
    static boolean isVirtual() {
        return Thread.currentThread().getClass().getName().equals("java.lang.VirtualThread");
    }

    /** Does something in a thread that never ends: Linux takes the end of a thread for the death of the parent. */
    static <T> T inLastingThread(Supplier<T> task) {
        Job<T> job = new Job<>(task);
        queue().add(job);
        boolean interrupted = false;
        while (job.done.getCount() != 0) {
            try {
                job.done.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return job.result();
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
            } catch (Throwable e) {
                continue; // nobody has a reason to interrupt it; and this thread must not end
            }
        }
    }

    /** All that its end needs is there from the beginning: it must come to one where there is no memory, too. */
    private static final class Job<T> implements Runnable {

        final CountDownLatch done = new CountDownLatch(1);

        private final Supplier<T> task;
        private T result;
        private Throwable failure;

        Job(Supplier<T> task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                result = task.get();
            } catch (Throwable e) {
                failure = e;
            } finally {
                done.countDown();
            }
        }

        T result() {
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            if (failure != null) {
                throw (RuntimeException) failure;
            }
            return result;
        }
    }
}
