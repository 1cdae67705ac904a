package main

import (
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"
)

// Tasks that are not what they seem, or that the runtime does not know of.

const (
	prSetName   = 15
	prSetFilter = 22
	stackSize   = 32768
)

func zombieLeader() {
	crowd(2, 0)
	go func() {
		runtime.LockOSThread()
		waitForState(os.Getpid(), "Z")
		proven("the thread group's first task is in state Z")
		broadcastNow()
		os.Exit(0)
	}()
	syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0) // not RawSyscall: the runtime must not wait for this thread's processor
}

func falseName() {
	name := append([]byte("iou-wrk-1"), 0)
	tid := task(func() { syscall.RawSyscall(syscall.SYS_PRCTL, prSetName, uintptr(unsafe.Pointer(&name[0])), 0) })
	if statusField(tid, "Name") != "iou-wrk-1" {
		fail("the name is not set")
	}
	proven("its comm says iou-wrk-1")
	broadcastNow()
}

// rawClone is in assembler: the new task sleeps for ever and runs no Go.
func rawClone(flags, top, parentTid uintptr) uintptr

const sharesAll = syscall.CLONE_VM | syscall.CLONE_FS | syscall.CLONE_FILES | syscall.CLONE_SIGHAND | syscall.CLONE_THREAD | syscall.CLONE_SYSVSEM

// The new task blocks all signals: a handler of the runtime would take its thread for the one that made it.
func newTask(flags, parentTid uintptr) int {
	top := uintptr(address(anonymousMemory(stackSize))) + stackSize
	maskOfThread(^uint64(0))
	made := rawClone(flags, top, parentTid)
	maskOfThread(0)
	if int(made) <= 0 {
		fail("clone: %v", syscall.Errno(-made))
	}
	return int(made)
}

func rawTask() {
	crowd(1, 0)
	tid := newTask(sharesAll, 0)
	waitForState(tid, "S")
	proven("task %d sleeps", tid)
	broadcastNow()
}

func childInOurMemory() {
	crowd(8, 0)
	pid := newTask(syscall.CLONE_VM|uintptr(syscall.SIGCHLD), 0)
	exactlyOnce(100)
	proven("process %d runs in the same memory during %d counted changes", pid, stage.counted)
	broadcastNow()
}

func blockedByRawCall() {
	crowd(1, 0)
	tid := task(func() { maskOfThread(^uint64(0)) })
	stage.culprit = int32(tid)
	mask := statusField(tid, "SigBlk")
	if !strings.HasPrefix(mask, "fff") {
		fail("SigBlk is %s", mask)
	}
	proven("SigBlk of task %d is %s", tid, mask)
	broadcastNow()
}

const many = 5000

func manyTasks() {
	for len(tasks()) < many {
		crowd(many-len(tasks()), 0)
	}
	proven("%s tasks", statusField(os.Getpid(), "Threads"))
	broadcastNow()
}

// One task is forbidden what the others may do.
func differing() {
	crowd(1, 0)
	tid := task(func() {
		code := []syscall.SockFilter{
			{Code: 0x20, K: 0}, // load the call's number
			{Code: 0x15, Jf: 1, K: syscall.SYS_SETRESUID},
			{Code: 0x06, K: 0x00050000 | uint32(syscall.EPERM)},
			{Code: 0x06, K: 0x7fff0000},
		}
		filter := syscall.SockFprog{Len: 4, Filter: &code[0]}
		_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetFilter, 2, uintptr(unsafe.Pointer(&filter)))
		check(errno, "seccomp")
		_, _, errno = syscall.RawSyscall(syscall.SYS_SETRESUID, unchanged, unchanged, unchanged)
		if errno != syscall.EPERM {
			fail("the filter allows setresuid: %v", errno)
		}
	})
	stage.culprit = int32(tid)
	proven("a filter gives task %d EPERM", tid)
	broadcastNow()
}
