package main

import (
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Page faults that another thread of the same process serves, or nobody.

const (
	uffdAPI      = 0xc018aa3f
	uffdRegister = 0xc020aa00
	uffdCopy     = 0xc028aa03
	uffdWake     = 0x8010aa02
	pageFault    = 0x12
	pageSize     = 4096
)

var (
	page   []byte // nothing is there until somebody fills it
	filled = anonymousMemory(pageSize)
	served uint64
)

func control(fd int, request uintptr, argument unsafe.Pointer) syscall.Errno {
	_, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), request, uintptr(argument))
	return errno
}

func anonymousMemory(size int) []byte {
	memory, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	check(err, "mmap")
	return memory
}

func address(memory []byte) uint64 {
	return uint64(uintptr(unsafe.Pointer(&memory[0])))
}

func stallingPage() int {
	number := map[string]uintptr{"amd64": 323, "arm64": 282}[runtime.GOARCH]
	fd, _, errno := syscall.Syscall(number, syscall.O_CLOEXEC, 0, 0)
	if errno != 0 {
		lacks("no userfaultfd")
	}
	page = anonymousMemory(pageSize)
	api := [3]uint64{0xaa, 0, 0}
	area := [4]uint64{address(page), pageSize, 1, 0} // 1: what is missing
	check(control(int(fd), uffdAPI, unsafe.Pointer(&api)), "userfaultfd")
	check(control(int(fd), uffdRegister, unsafe.Pointer(&area)), "userfaultfd")
	return int(fd)
}

// fill wakes a task that asks for what it has already got: a signal made it ask again.
func fill(fd int) {
	filled[0] = 'x'
	whole := [5]uint64{address(page), address(filled), pageSize, 0, 0}
	if errno := control(fd, uffdCopy, unsafe.Pointer(&whole)); errno == syscall.EEXIST {
		check(control(fd, uffdWake, unsafe.Pointer(&[2]uint64{address(page), pageSize})), "wake")
	} else {
		check(errno, "copy")
	}
}

func waitForPageFault(fd int) {
	message := make([]byte, 32)
	for {
		n, err := syscall.Read(fd, message)
		if n == len(message) && message[0] == pageFault {
			return
		}
		if err != syscall.EINTR {
			fail("read of the userfaultfd: %d, %v", n, err)
		}
	}
}

func dropPage() {
	check(syscall.Madvise(page, syscall.MADV_DONTNEED), "madvise")
}

func servedByThread(use func(), where string) {
	fd := stallingPage()
	crowd(1, 0)
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2)
	go func() {
		runtime.LockOSThread()
		for {
			waitForPageFault(fd)
			atomic.AddUint64(&served, 1)
			fill(fd)
		}
	}()
	go func() {
		runtime.LockOSThread()
		for {
			use()
			dropPage()
		}
	}()
	waitUntil(func() bool { return atomic.LoadUint64(&served) >= 100 })
	before := atomic.LoadUint64(&served)
	proven("page faults %s", where)
	broadcastOften(20)
	proven("%d page faults %s in the time of the calls", atomic.LoadUint64(&served)-before, where)
}

func faultInUserCode() {
	servedByThread(func() {
		if page[0] != 'x' {
			fail("the page has something else")
		}
	}, "in user code")
}

func faultInKernel() {
	from, to := pipe()
	servedByThread(func() {
		_, err := syscall.Write(to, page[:1])
		check(err, "write")
		readByte(from)
	}, "inside write")
}

func faultUnserved() {
	_, to := pipe()
	fd := stallingPage()
	crowd(1, 0)
	tid := stalls(func() { syscall.Write(to, page[:1]) })
	waitForPageFault(fd)
	waitForState(tid, "S")
	stage.culprit = int32(tid)
	proven("it waits inside write for its argument's page")
	broadcastNow()
	os.Exit(0)
}
