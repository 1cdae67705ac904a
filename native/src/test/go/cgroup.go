package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Control groups, version 1 or 2, whatever is mounted. The judge thaws and removes what is noted on the stage.

func put(group, name, text string) bool {
	return os.WriteFile(group+"/"+name, []byte(text), 0) == nil
}

func makeGroup(file string, roots ...string) string {
	for _, root := range roots {
		group := fmt.Sprintf("%s/psx-fault-%d-go", root, os.Getpid())
		if os.Mkdir(group, 0755) == nil {
			if _, err := os.Stat(group + "/" + file); err == nil {
				copy(stage.cgroup[0][:], group+"\x00")
				return group
			}
			os.Remove(group)
		}
	}
	return ""
}

func join(group string) {
	if !put(group, "cgroup.procs", strconv.Itoa(os.Getpid())) {
		fail("%s: may not join", group)
	}
}

func freezerGroup() string {
	return makeGroup("freezer.state", "/sys/fs/cgroup/freezer")
}

func freeze(group string) {
	for text := ""; text != "FROZEN"; {
		put(group, "freezer.state", "FROZEN")
		now, _ := os.ReadFile(group + "/freezer.state")
		text = string(bytes.TrimSpace(now))
	}
}

func noMoreTasksInTheGroup() {
	group := makeGroup("pids.max", "/sys/fs/cgroup/pids", "/sys/fs/cgroup")
	if group == "" {
		lacks("no pids controller")
	}
	crowd(18, 2)
	exactlyOnce(10)
	join(group)
	if !put(group, "pids.max", strconv.Itoa(len(tasks()))) {
		fail("pids.max is not taken")
	}
	if errno := taskRefused(); errno != syscall.EAGAIN {
		fail("a process may be made: %v", errno)
	}
	proven("pids.max is the number of tasks, a new process gives EAGAIN")
	manyTimes(100)
	broadcastNow()
}

func frozenOne(tid int) {
	group := freezerGroup()
	if group == "" {
		lacks("no freezer of single tasks")
	}
	if !put(group, "tasks", strconv.Itoa(tid)) {
		fail("task %d is not taken", tid)
	}
	freeze(group)
	stage.culprit = int32(tid)
	proven("the freezer says FROZEN, the task's state is %s", stateOf(tid))
	broadcastNow()
}

func frozenTask() {
	crowd(3, 0)
	tid := task(nil)
	waitForState(tid, "S")
	frozenOne(tid)
}

func frozenInUserCode() {
	crowd(1, 0)
	frozenOne(busyTask())
}

func quota() {
	group := makeGroup("cpu.cfs_quota_us", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct")
	if group != "" {
		put(group, "cpu.cfs_period_us", "100000")
		put(group, "cpu.cfs_quota_us", "10000")
	} else if group = makeGroup("cpu.max", "/sys/fs/cgroup"); group == "" || !put(group, "cpu.max", "10000 100000") {
		lacks("no cpu controller")
	}
	join(group)
	crowd(8, 4)
	before := processorTime()
	time.Sleep(500 * time.Millisecond)
	used := processorTime() - before
	if used > 200*time.Millisecond { // four spinning threads would take 500 ms on one processor
		fail("no quota: %v", used)
	}
	proven("4 spinning threads got %v of processor time in 500 ms", used)
	broadcastOften(5)
}

func processorTime() time.Duration {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used), "getrusage")
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// disturb is another process's loop: it stops this one at some moment of its calls, undoes that 20 ms later, and writes a byte.
func disturb(stop, goOn func()) {
	for i := 1; ; i = i*7919%2003 + 1 {
		for atomic.LoadUint32(&stage.step) != asking {
			time.Sleep(100 * time.Microsecond)
		}
		time.Sleep(time.Duration(i%3000) * time.Microsecond)
		stop()
		inCall := atomic.LoadUint32(&stage.step) == asking
		time.Sleep(20 * time.Millisecond)
		goOn()
		if inCall {
			writeByte(4)
		}
	}
}

func stopAndContinue() {
	target := int(stage.pid)
	disturb(func() {
		syscall.Kill(target, syscall.SIGSTOP)
		waitForState(target, "T")
	}, func() { syscall.Kill(target, syscall.SIGCONT) })
}

func freezeAndThaw() {
	group := os.Args[2]
	disturb(func() { freeze(group) }, func() { put(group, "freezer.state", "THAWED") })
}

func broadcastWhileDisturbed(what string, disturbances int) {
	crowd(20, 2)
	check(syscall.SetNonblock(disturbances, true), "pipe")
	broadcastOften(100)
	bytes := make([]byte, 10000)
	if count, _ := syscall.Read(disturbances, bytes); count <= 10 {
		fail("%s only %d times", what, count)
	} else {
		proven("%s %d times for 20 ms in the middle of a call", what, count)
	}
}

func groupStop() {
	from, to := pipe()
	startHelper("stop", to)
	broadcastWhileDisturbed("stopped", from)
}

func freezer() {
	group := freezerGroup()
	if group == "" {
		lacks("no freezer")
	}
	from, to := pipe()
	startHelper("freeze", to, strings.TrimSpace(group))
	join(group)
	broadcastWhileDisturbed("frozen", from)
}
