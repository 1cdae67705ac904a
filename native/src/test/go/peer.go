// peer ROW: makes the fault of that row in a pure Go process and asks AllThreadsSyscall for the change. faults-PEER starts it in place of
// its own scenario (PSX_FAULT_PROGRAM); the judge is the same. Built with CGO_ENABLED=0, or Go refuses every such call.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// A row without an entry needs code that only C has (pthread_create, a handler of its own, another library), or is in notMade.
var rows = map[string]func(){
	"zombie-leader":       zombieLeader,
	"false-name":          falseName,
	"raw-task":            rawTask,
	"vm-child":            childInOurMemory,
	"blocked-raw":         blockedByRawCall,
	"forged":              forgedSignals,
	"sigpending-zero":     noSignalMayBeQueued,
	"sigpending-full":     tooManySignalsAreQueued,
	"fd-full":             noDescriptorIsFree,
	"fd-full-blocked":     noDescriptorIsFreeAndOneBlocks,
	"address-space":       addressSpaceIsUsedUp,
	"nproc":               noTaskMayBeCreated,
	"pids-cgroup":         noMoreTasksInTheGroup,
	"frozen-spinning":     frozenInUserCode,
	"frozen-task":         frozenTask,
	"freezer":             freezer,
	"cpu-quota":           quota,
	"group-stop":          groupStop,
	"proc-unmounted":      procUnmounted,
	"proc-hidden":         procHidden,
	"chroot":              outsideTheRoot,
	"landlock":            forbiddenInTheMiddle,
	"foreign-proc":        foreignProc,
	"tid-reuse":           numbersUsedAgain,
	"detached-storm":      threadStorm,
	"pthread-storm":       countedThreadStorm,
	"stalled-clone":       stalledClone,
	"stalled-birth":       stalledBirth,
	"vfork":               inVfork,
	"traced":              traced,
	"fault-served":        faultInUserCode,
	"kernel-fault-served": faultInKernel,
	"fault-unserved":      faultUnserved,
	"fuse-served":         fuseServed,
	"fuse-unanswered":     fuseUnanswered,
	"sqpoll":              poller,
	"worker":              liveWorker,
	"many":                manyTasks,
	"differs":             differing,
	"differs-halt":        differing,
}

// What a raw clone's task shows already, what happens only while the engine's caller lingers, and what is aimed at the engine's own calls.
var notMade = map[string]bool{
	"raw-chains": true, "clone-storm": true, "worker-born": true,
	"filter-tasks": true, "filter-all": true, "filter-caller": true, "filter-strict": true, "filter-silent": true,
	"rt-task": true, "rt-process": true, "rt-limit": true, "deadline": true, "nice": true,
}

// Other processes that a scenario needs: this program again, with this word in place of the row.
var helpers = map[string]func(){
	"helper:forge":  forge,
	"helper:queue":  fillTheQueue,
	"helper:stop":   stopAndContinue,
	"helper:freeze": freezeAndThaw,
	"helper:trace":  trace,
	"helper:lease":  holdLease,
}

// The scenario runs on the thread group's first task, and nothing else does.
func init() {
	runtime.LockOSThread()
}

func main() {
	name := os.Args[1]
	openStage()
	if helper := helpers[name]; helper != nil {
		helper()
		return
	}
	if row := rows[name]; row != nil {
		row()
		return
	}
	if notMade[name] {
		skip("not made in Go")
	}
	skip("n/a (C)")
}

func check(err error, what string) {
	if err != nil && err != syscall.Errno(0) {
		fail("%s: %v", what, err)
	}
}

func fail(format string, values ...interface{}) {
	fmt.Fprintln(os.Stderr, "peer "+strings.Join(os.Args[1:], " ")+": "+fmt.Sprintf(format, values...))
	os.Exit(1)
}
