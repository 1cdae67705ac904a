package main

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// /proc goes away, or is another namespace's.

const (
	sysLandlockCreateRuleset = 444
	sysLandlockRestrictSelf  = 446
)

// inside goes on in a new process with namespaces of its own, all its threads in them; the old process waits for its end.
func inside(namespaces uintptr) {
	if len(os.Args) > 2 {
		outer := number(2)
		waitUntil(func() bool { return atomic.LoadInt32(&stage.pid) != int32(outer) })
		return
	}
	outer := os.Getpid()
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"peer", os.Args[1], strconv.Itoa(outer)}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, stageFd}, Sys: &syscall.SysProcAttr{Cloneflags: namespaces}})
	if err != nil {
		skip("may not make namespaces")
	}
	atomic.StoreInt32(&stage.pid, int32(pid))
	var status syscall.WaitStatus
	for {
		if ended, err := syscall.Wait4(pid, &status, 0, nil); ended == pid {
			break
		} else if err != syscall.EINTR {
			fail("wait: %v", err)
		}
	}
	if status.Signaled() {
		os.Exit(128 + int(status.Signal()))
	}
	os.Exit(status.ExitStatus())
}

func ownMounts(more uintptr) {
	inside(syscall.CLONE_NEWNS | more)
	check(syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""), "private mounts")
}

func procUnmounted() {
	ownMounts(0)
	crowd(10, 0)
	exactlyOnce(1)
	for syscall.Unmount("/proc", syscall.MNT_DETACH) == nil {
	}
	_, err := os.Stat("/proc/self")
	if !os.IsNotExist(err) {
		fail("/proc is still there: %v", err)
	}
	proven("/proc/self: %v", err)
	manyTimes(50)
	broadcastNow()
}

func procHidden() {
	ownMounts(0)
	if syscall.Mount("proc", "/proc", "proc", 0, "hidepid=2") != nil {
		lacks("hidepid")
	}
	check(all(syscall.SYS_SETGROUPS, 0, 0, 0), "setgroups") // the group 0 may see all
	check(all(syscall.SYS_SETRESGID, plainUser, plainUser, plainUser), "setresgid")
	keepOnlySetuid()
	_, err := os.Stat("/proc/1")
	if !os.IsNotExist(err) {
		fail("/proc/1 is visible: %v", err)
	}
	proven("/proc is mounted with hidepid=2, /proc/1: %v", err)
	crowd(10, 0)
	exactlyOnce(50)
	broadcastNow()
}

func outsideTheRoot() {
	crowd(10, 0)
	exactlyOnce(1)
	empty, err := os.MkdirTemp("", "psx-fault-")
	check(err, "directory")
	check(os.Chdir(empty), "chdir")
	check(os.Remove(empty), "rmdir") // it stays as long as somebody is in it
	check(syscall.Chroot("."), "chroot")
	_, err = os.Stat("/proc")
	if !os.IsNotExist(err) {
		fail("/proc is still there: %v", err)
	}
	proven("in the new root directory, /proc: %v", err)
	manyTimes(50)
	broadcastNow()
}

// The change is two calls: the first forbids every file to the task, the second sets its ids.
func forbiddenInTheMiddle() {
	everyRight := uint64(1<<13 - 1)
	fd, _, errno := syscall.Syscall(sysLandlockCreateRuleset, uintptr(unsafe.Pointer(&everyRight)), 8, 0)
	if errno != 0 {
		lacks("Landlock")
	}
	stage.ruleset = int32(fd)
	crowd(10, 0)
	exactlyOnce(1)
	proven("the change is landlock_restrict_self without a rule, then setresuid")
	broadcastNow()
	stage.ruleset = 0
}

func foreignProc() {
	inside(syscall.CLONE_NEWNS | syscall.CLONE_NEWPID)
	self, err := os.Readlink("/proc/self")
	if err != nil || self == strconv.Itoa(os.Getpid()) {
		fail("/proc/self is %s: %v", self, err)
	}
	proven("/proc calls this process %s, getpid says %d", self, os.Getpid())
	crowd(1, 0)
	broadcastNow()
}

// The kernel of 6.14 and later has a pid_max for each namespace; before, it would be the whole machine's.
func hasOwnPidMax() bool {
	var major, minor int
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	fmt.Sscanf(string(release), "%d.%d", &major, &minor)
	return major > 6 || major == 6 && minor >= 14
}

func numbersUsedAgain() {
	if !hasOwnPidMax() {
		lacks("this kernel has one pid_max for all namespaces")
	}
	ownMounts(syscall.CLONE_NEWPID)
	check(syscall.Mount("proc", "/proc", "proc", 0, ""), "proc")
	check(os.WriteFile("/proc/sys/kernel/pid_max", []byte("400"), 0), "pid_max")
	crowd(10, 0)
	storm(3)
	for atomic.LoadUint64(&born) < 1400 { // of 400 numbers
		time.Sleep(time.Millisecond)
	}
	before := atomic.LoadUint64(&born)
	broadcastOften(200)
	proven("%d threads with 400 numbers in the time of the calls", atomic.LoadUint64(&born)-before)
}
