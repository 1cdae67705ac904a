package dev.psx.agent.apps;

import dev.psx.drop.DropSpec;
import dev.psx.drop.DropTransaction;
import dev.psx.plan.PrivilegePlan;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** What is inside a plan. */
final class Inside {

    private Inside() {}

    /** Returns which settings a plan does not use. */
    static List<String> unset(PrivilegePlan plan) throws ReflectiveOperationException {
        List<String> unset = new ArrayList<>();
        for (Field field : DropSpec.class.getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(spec(plan));
            boolean no = field.getType() == boolean.class && value.equals(false);
            if (value == null || no || (value instanceof Object[] array && array.length == 0)) {
                unset.add(field.getName());
            }
        }
        return unset;
    }

    /** Returns the calls that it would make now. */
    static Program program(PrivilegePlan plan) throws ReflectiveOperationException {
        return DropTransaction.program(EnginePort.get(), spec(plan));
    }

    private static DropSpec spec(PrivilegePlan plan) throws ReflectiveOperationException {
        Field spec = PrivilegePlan.class.getDeclaredField("spec");
        spec.setAccessible(true);
        return (DropSpec) spec.get(plan);
    }
}
