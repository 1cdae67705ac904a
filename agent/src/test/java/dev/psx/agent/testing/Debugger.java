package dev.psx.agent.testing;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Field;
import com.sun.jdi.LongValue;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A debugger as jdb is one, attached to a JVM that listens for it. */
public final class Debugger implements AutoCloseable {

    /** Makes a JVM listen for debuggers from its start; it says the port on standard output. */
    public static final String OPTION = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

    private static final String LISTENING = "Listening for transport dt_socket at address: ";

    private final VirtualMachine vm;

    private Debugger(VirtualMachine vm) {
        this.vm = vm;
    }

    public static Debugger attach(Child child) {
        String line = child.stdout().stream()
                .filter(said -> said.startsWith(LISTENING))
                .findFirst()
                .orElseThrow(() -> new AssertionError("listens for no debugger" + child.transcript()));
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(line.substring(LISTENING.length()));
        arguments.get("timeout").setValue(Long.toString(Child.PATIENCE.toMillis()));
        try {
            return new Debugger(connector.attach(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }

    public VirtualMachine vm() {
        return vm;
    }

    public ThreadReference thread(String name) {
        return vm.allThreads().stream()
                .filter(thread -> thread.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The value of a static AtomicLong, which can be read while everything is suspended. */
    public long counter(Class<?> type, String name) {
        ReferenceType reference = vm.classesByName(type.getName()).get(0);
        ObjectReference counter = (ObjectReference) reference.getValue(reference.fieldByName(name));
        Field value = counter.referenceType().fieldByName("value");
        return ((LongValue) counter.getValue(value)).value();
    }

    /** Waits until a thread enters a method of the bootstrap loader's; that thread alone stays suspended there. */
    public EventSet stopIn(String type, String method) throws InterruptedException {
        BreakpointRequest request = vm.eventRequestManager()
                .createBreakpointRequest(vm.classesByName(type)
                        .get(0)
                        .methodsByName(method)
                        .get(0)
                        .location());
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
        EventSet events = vm.eventQueue().remove(Child.PATIENCE.toMillis());
        while (events != null && !(events.iterator().next() instanceof BreakpointEvent)) {
            events.resume();
            events = vm.eventQueue().remove(Child.PATIENCE.toMillis());
        }
        if (events == null) {
            throw new AssertionError("no thread came to " + type + "." + method);
        }
        request.disable();
        return events;
    }

    @Override
    public void close() {
        vm.dispose();
    }
}
