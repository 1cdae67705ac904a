package main

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Changes that can be repeated: each task that runs one adds one to an eventfd.

var (
	counter = -1
	one     = uint64(1)
)

func openCounter() uintptr {
	if counter < 0 {
		fd, _, errno := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
		check(errno, "eventfd")
		counter = int(fd)
	}
	return uintptr(counter)
}

// exactlyOnce counts the tasks before and after: only if that is the same number, the sum must be.
func exactlyOnce(rounds int) {
	before := len(tasks())
	if sum := manyTimes(rounds); before == len(tasks()) && sum != before*rounds {
		stage.miscounted++
	}
}

// manyTimes says how many tasks did it in all rounds. Nothing else happens meanwhile: whoever dies here dies of the calls.
func manyTimes(rounds int) (sum int) {
	fd := openCounter()
	atomic.StoreUint32(&stage.step, asking)
	for i := 0; i < rounds; i++ {
		countCall(all(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&one)), 8))
	}
	atomic.StoreUint32(&stage.step, making)
	var done uint64
	syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&done)), 8)
	return int(done)
}

func changeGroup(gid int) {
	atomic.StoreUint32(&stage.step, asking)
	countCall(all(syscall.SYS_SETRESGID, uintptr(gid), uintptr(gid), uintptr(gid)))
	atomic.StoreUint32(&stage.step, making)
}

func countCall(errno syscall.Errno) {
	stage.counted++
	if errno != 0 {
		stage.failed++
	}
}
