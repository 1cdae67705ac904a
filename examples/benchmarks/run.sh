#!/bin/bash
# What the agent costs an application, as tables. Without arguments it says how it is called.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly AGENT=../agent/target/psx-agent.jar CLASSES='target/classes:target/lib/benchmarks/*' PACKAGE=dev.psx.examples.benchmarks
[ -e $AGENT ] && [ -d target/lib/benchmarks ] || { echo "run.sh: run mvn -DskipTests package first" >&2; exit 2; }

usage() {
    cat << 'END'
usage: examples/benchmarks/run.sh costs [ROUNDS [MILLISECONDS [JDK...]]]
           Thread.start and join, and the exec lock, without and with the agent (JMH)
       examples/benchmarks/run.sh pause [SECONDS]
           the longest standstills in broadcasts, beside those in G1's young collections
END
    exit 2
}

case ${1-} in
costs) exec java -cp "$CLASSES" $PACKAGE.CompareAgent "${@:2}" ;;
pause) exec java -XX:+UseG1GC -Xmx512m -Xmn16m -javaagent:$AGENT -Xlog:disable -Xlog:all=error:stderr -cp "$CLASSES" $PACKAGE.PauseProbe "${@:2}" ;;
*) usage >&2 ;;
esac
