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
       examples/benchmarks/run.sh spawn [OPTION]... [JDK...]
           starting /bin/true and waiting for it: launcher, ProcessBuilder by each of its mechanisms and with the agent, posix_spawn in
           C and called from the JVM, Go (if it is installed), in turns; microseconds, median and 99th percentile. The memory is
           that of each of them, in use
             --memory LIST        megabytes (64,4096)      --rounds N         turns of each (8)
             --threads LIST       (1,4,16)                 --milliseconds N   of a turn (100)
             --streams LIST       of inherit,pipes         --warm-up N        milliseconds before, for each kind of streams (1500)
             --restarts N         all of it again with new processes, so often (1): no two JVMs are equally fast
             --contestants LIST   of JVM,C,agent,Go,VFORK,FORK
       examples/benchmarks/run.sh alive [CHILDREN [JDK...]]
           threads and memory of a JVM that has so many children alive (10000), of the launcher and of ProcessBuilder
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

spawn() {
    mkdir -p target/spawn
    gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o target/spawn/children-c benchmarks/children.c -lpthread
    ! command -v go > /dev/null || GO111MODULE=off go build -o target/spawn/children-go benchmarks/children.go
    exec java -cp "$CLASSES" $PACKAGE.SpawnTimes "$@"
}

alive() {
    [ $# -lt 1 ] || number CHILDREN "$1" 1
    local jdk
    for jdk in "${@:2}"; do
        [ -x "$jdk/bin/java" ] && [ -e "$jdk/release" ] || die "no JDK: $jdk"
    done
    ulimit -n "$(ulimit -Hn)"
    exec java -cp "$CLASSES" $PACKAGE.ChildrenAlive "$@"
}

case ${1-} in
costs | pause | program | spawn | alive)
    [ -e $AGENT ] && [ -d target/lib/benchmarks ] || die "run mvn -DskipTests package first"
    "$@"
    ;;
--help) usage ;;
*) usage >&2 && exit 2 ;;
esac
