package dev.psx.agent.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The test changes credentials and needs root. Elsewhere it is skipped with the reason; with {@code PSX_REQUIRE_ROOT=1} in the
 * environment it fails instead, so that CI cannot pass by skipping.
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RootOnly.Condition.class)
public @interface RootOnly {

    final class Condition implements ExecutionCondition {

        /** CAP_SETGID, CAP_SETUID, CAP_SETPCAP. */
        private static final long NEEDED = 1L << 6 | 1L << 7 | 1L << 8;

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            TaskView self = OutsideView.self();
            boolean able = self.uid().get(1) == 0 && (self.capEffective() & NEEDED) == NEEDED;
            if (able) {
                return ConditionEvaluationResult.enabled("runs as root");
            }
            String reason = "needs root with CAP_SETUID, CAP_SETGID and CAP_SETPCAP; runs as uid "
                    + self.uid().get(1) + " with CapEff " + Long.toHexString(self.capEffective());
            if ("1".equals(System.getenv("PSX_REQUIRE_ROOT"))) {
                throw new ExtensionConfigurationException(reason + ", and PSX_REQUIRE_ROOT=1 forbids to skip");
            }
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
