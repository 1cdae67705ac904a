package dev.psx.agent.apps;

import com.sun.jna.Function;
import com.sun.jna.Native;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import org.slf4j.LoggerFactory;

/** Uses what old and new versions of three libraries have in common, and says whose classes it got. */
public final class LegacyApp {

    private LegacyApp() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        int pid = Function.getFunction("c", "getpid").invokeInt(new Object[0]);
        System.out.println("getpid " + (pid == ProcessHandle.current().pid()));
        Class<?> made = new ByteBuddy()
                .subclass(Object.class)
                .method(ElementMatchers.named("toString"))
                .intercept(FixedValue.value("made by ByteBuddy"))
                .make()
                .load(LegacyApp.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded();
        System.out.println(made.getDeclaredConstructor().newInstance());
        LoggerFactory.getLogger(LegacyApp.class).warn("legacy logging");
        for (Class<?> type : new Class<?>[] {Native.class, ByteBuddy.class, LoggerFactory.class}) {
            System.out.println(type.getName() + " from "
                    + type.getProtectionDomain().getCodeSource().getLocation());
        }
        for (String mine : new String[] {"picocli.CommandLine", "com.fasterxml.jackson.jr.ob.JSON"}) {
            System.out.println(mine + " visible: " + isVisible(mine));
        }
    }

    private static boolean isVisible(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
