package main

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

// Tasks that do not come because somebody stops them: a debugger, a page that is not there, the file system that has the program of a child.

const (
	ptraceSeize     = 0x4206
	ptraceInterrupt = 0x4207
	waitAll         = 0x40000000
	setLease        = 1024
	writeLease      = 1

	sysClone3         = 435
	sizeOfClone3      = 88
	cloneParentSettid = 0x00100000
)

func ptrace(request uintptr, tid int) {
	_, _, errno := syscall.Syscall6(syscall.SYS_PTRACE, request, uintptr(tid), 0, 0, 0, 0)
	check(errno, "ptrace")
}

func trace() {
	tid := number(2)
	ptrace(ptraceSeize, tid)
	ptrace(ptraceInterrupt, tid)
	if stopped, err := syscall.Wait4(tid, nil, waitAll, nil); stopped != tid {
		fail("wait: %v", err)
	}
	writeByte(4)
	sleepForEver()
}

func traced() {
	crowd(1, 0)
	tid := task(nil)
	from, to := pipe()
	tracer := startHelper("trace", to, strconv.Itoa(tid))
	readByte(from)
	if state := stateOf(tid); state != "t" {
		fail("its state is %s", state)
	}
	stage.culprit = int32(tid)
	proven("its state is t, its tracer process %d", tracer)
	broadcastNow()
}

// holdLease lets whoever opens the program wait for it, as a slow file server would.
func holdLease() {
	fd, err := syscall.Open(os.Args[2], syscall.O_RDWR, 0)
	check(err, "open")
	_, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), setLease, writeLease)
	check(errno, "lease")
	writeByte(4)
	sleepForEver()
}

// stalls makes a call, from which it may not come back, on a thread of its own.
func stalls(call func()) (tid int) {
	its := make(chan int, 1)
	go func() {
		runtime.LockOSThread()
		its <- syscall.Gettid()
		call()
	}()
	return <-its
}

func stalledClone() {
	fd := stallingPage()
	crowd(1, 0)
	tid := stalls(func() {
		maskOfThread(^uint64(0))
		syscall.Syscall(sysClone3, uintptr(unsafe.Pointer(&page[0])), sizeOfClone3, 0)
	})
	waitForPageFault(fd)
	waitForState(tid, "S")
	stage.culprit = int32(tid)
	proven("its state is S, and the page with its argument is not there")
	broadcastNow()
	os.Exit(0)
}

// The kernel has made the new task, and waits for the page before it lets it run.
func stalledBirth() {
	fd := stallingPage()
	crowd(1, 0)
	tid := stalls(func() { newTask(sharesAll|cloneParentSettid, uintptr(unsafe.Pointer(&page[0]))) })
	waitForPageFault(fd)
	waitForState(tid, "S")
	stage.culprit = int32(tid)
	proven("the clone that makes the last task waits for a page")
	broadcastNow()
	os.Exit(0)
}

// The runtime starts programs by vfork: the thread waits in the kernel until the child has become its program.
func inVfork() {
	directory, err := os.MkdirTemp("", "psx-fault-")
	check(err, "directory")
	program := directory + "/program"
	check(os.WriteFile(program, []byte("#!/bin/true\n"), 0755), "program")
	from, to := pipe()
	startHelper("lease", to, program)
	readByte(from)
	tid := stalls(func() { syscall.ForkExec(program, []string{program}, nil) })
	waitForState(tid, "D")
	check(os.RemoveAll(directory), "directory")
	stage.culprit = int32(tid)
	proven("its state is D and its child has not become a program")
	broadcastNow()
}
