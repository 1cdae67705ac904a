package dev.psx.agent.install;

import dev.psx.policy.PolicySettings;
import dev.psx.spi.OwnCall;
import dev.psx.spi.ProcessCalls;
import java.util.Locale;
import java.util.function.Function;

/** The engine as the application sees it: what the options do not allow is refused, and the choices that the options make for it are known. */
final class ApplicationPort implements Function<Object[], Object> {

    private final Function<Object[], Object> engine;
    private final boolean api;
    private final String divergence;
    private final Object[] plan;
    private final Object[] children;

    /**
     * @param plan what the request "plan" gives, or null
     * @param children what the request "child-profile" gives, or null
     */
    ApplicationPort(Function<Object[], Object> engine, PolicySettings settings, Object[] plan, Object[] children) {
        this.engine = engine;
        this.api = settings.api();
        this.divergence = settings.onDivergence().toUpperCase(Locale.ROOT);
        this.plan = plan;
        this.children = children;
    }

    @Override
    public Object apply(Object[] request) {
        // Read once: the array is the caller's, who may change it between the check and the use.
        Object[] own = request.clone();
        if ("plan".equals(own[0])) {
            return plan == null ? null : plan.clone();
        }
        if ("child-profile".equals(own[0])) {
            return children == null ? null : children.clone();
        }
        if ("divergence".equals(own[0])) {
            return divergence;
        }
        if ("own".equals(own[0])) {
            own[1] = ((long[]) own[1]).clone();
        }
        if (!api && !changesNothing(own) && !startsProcesses(own)) {
            throw new SecurityException(
                    "api=off: the agent's options keep the application from changing privileges; api=on allows it");
        }
        return engine.apply(own);
    }

    /** A child is another process: what it gives up or asks for, within what this one may do, changes nothing here. */
    private static boolean startsProcesses(Object[] request) {
        return "spawn".equals(request[0]) || ("own".equals(request[0]) && ProcessCalls.only((long[]) request[1]));
    }

    private static boolean changesNothing(Object[] request) {
        Object operation = request[0];
        return "tasks".equals(operation)
                || ("own".equals(operation) && OwnCall.onlyLooks((long[]) request[1]))
                || "user".equals(operation)
                || "group".equals(operation)
                || "lock-shared".equals(operation)
                || "unlock-shared".equals(operation);
    }
}
