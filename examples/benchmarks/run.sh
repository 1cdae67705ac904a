#!/bin/bash
# What the agent costs an application, as tables. Without arguments it says how it is called.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly AGENT=../agent/target/psx-agent.jar CLASSES='target/classes:target/lib/benchmarks/*' PACKAGE=dev.psx.examples.benchmarks

usage() {
    cat << 'END'
usage: examples/benchmarks/run.sh costs [ROUNDS [MILLISECONDS [JDK...]]]
           Thread.start and join, and the exec lock, without and with the agent (JMH): so many rounds (default: 5) of
           iterations that last so long (500), on each JDK, a directory (the one that runs this)
       examples/benchmarks/run.sh pause [SECONDS]
           the longest standstills in broadcasts, beside those in G1's young collections; so long for each row (default: 10,
           0: as short as can be)
       examples/benchmarks/run.sh program [ROUNDS]
           how long tasks are held by one call, and by as many as a whole drop has; so many of each (default: 101). Then the
           same in a C program (at most 1000 of each), beside the least that takes: native/bench/run.sh --hold. As root
END
}

die() {
    echo "run.sh: $* (--help has the arguments)" >&2
    exit 2
}

number() { # WHAT VALUE LEAST
    [[ $2 =~ ^[0-9]{1,6}$ ]] && [ "$2" -ge "$3" ] || die "$1 is a number from $3 to 999999, not \"$2\""
}

costs() {
    [ $# -lt 1 ] || number ROUNDS "$1" 1
    [ $# -lt 2 ] || number MILLISECONDS "$2" 1
    local jdk
    for jdk in "${@:3}"; do
        [ -x "$jdk/bin/java" ] && [ -e "$jdk/release" ] || die "no JDK: $jdk"
    done
    exec java -cp "$CLASSES" $PACKAGE.CompareAgent "$@"
}

pause() {
    [ $# -le 1 ] || die "pause has one argument, SECONDS"
    [ $# -lt 1 ] || number SECONDS "$1" 0
    exec java -XX:+UseG1GC -Xmx512m -Xmn16m -javaagent:$AGENT -Xlog:disable -Xlog:all=error:stderr -cp "$CLASSES" $PACKAGE.PauseProbe "$@"
}

program() {
    [ $# -le 1 ] || die "program has one argument, ROUNDS"
    [ $# -lt 1 ] || number ROUNDS "$1" 1
    java -javaagent:$AGENT -cp "$CLASSES" $PACKAGE.ProgramPause "$@"
    echo
    local rounds=$((10#${1:-101}))
    exec ../native/bench/run.sh --hold $((rounds < 1000 ? rounds : 1000))
}

case ${1-} in
costs | pause | program)
    [ -e $AGENT ] && [ -d target/lib/benchmarks ] || die "run mvn -DskipTests package first"
    "$@"
    ;;
--help) usage ;;
*) usage >&2 && exit 2 ;;
esac
