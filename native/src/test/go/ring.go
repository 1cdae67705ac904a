package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// io_uring: tasks of the kernel in our thread group.

const (
	sysRingSetup = 425
	sysRingEnter = 426
	sqPoll       = 2
	readAsync    = 0x10 // a worker shall do it
	opRead       = 22
	offQueue     = 0
	offEntries   = 0x10000000
	kernelFlags  = 0x10 | 0x4000 // PF_IO_WORKER, PF_USER_WORKER
)

// struct io_uring_params.
type ringParams struct {
	entries, cqEntries, flags, cpu, idle, features, wq uint32
	_                                                  [3]uint32
	head, tail, mask, ringEntries, sqFlags, dropped    uint32
	array, _                                           uint32
	_                                                  uint64
	_                                                  [40]byte
}

func makeRing(flags uint32) (int, *ringParams) {
	params := &ringParams{flags: flags, idle: 100000}
	fd, _, errno := syscall.Syscall(sysRingSetup, 8, uintptr(unsafe.Pointer(params)), 0)
	if errno == syscall.ENOSYS {
		lacks("no io_uring")
	} else if errno != 0 {
		skip("io_uring is forbidden here")
	}
	return int(fd), params
}

func isOfTheKernel(tid int) bool {
	text, _ := os.ReadFile("/proc/self/task/" + strconv.Itoa(tid) + "/stat")
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 7 {
		return false
	}
	flags, _ := strconv.Atoi(fields[6])
	return flags&kernelFlags != 0
}

func waitForKernelTask() {
	waitUntil(func() bool {
		for _, tid := range tasks() {
			if isOfTheKernel(tid) {
				return true
			}
		}
		return false
	})
}

func poller() {
	makeRing(sqPoll)
	crowd(1, 0)
	waitForKernelTask()
	proven("one task is the kernel's, by its flags")
	broadcastNow()
}

func readByWorker(ring int, params *ringParams, fd int) {
	queue, err := syscall.Mmap(ring, offQueue, pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	check(err, "mmap of the ring")
	entries, err := syscall.Mmap(ring, offEntries, pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	check(err, "mmap of the ring")
	entry := (*struct {
		opcode, flags uint8
		priority      uint16
		fd            int32
		offset, addr  uint64
		length        uint32
	})(unsafe.Pointer(&entries[0]))
	entry.opcode, entry.flags, entry.fd, entry.addr, entry.length = opRead, readAsync, int32(fd), address(filled), 1
	*(*uint32)(unsafe.Pointer(&queue[params.array])) = 0
	*(*uint32)(unsafe.Pointer(&queue[params.tail]))++
	_, _, errno := syscall.Syscall6(sysRingEnter, uintptr(ring), 1, 0, 0, 0, 0)
	check(errno, "submission")
}

func liveWorker() {
	from, _ := pipe()
	ring, params := makeRing(0)
	readByWorker(ring, params, from)
	crowd(1, 0)
	waitForKernelTask()
	proven("one task is the kernel's, by its flags, and waits in a read of ours")
	broadcastNow()
}
