package main

import (
	"strconv"
	"syscall"
	"unsafe"
)

// Limits that are reached: queued signals, descriptors, address space, tasks.

const (
	rlimitNproc      = 6
	rlimitSigpending = 11
	testSignal       = 39
	siQueue          = -1
	prKeepCaps       = 8
	capSetuid        = 1 << 7
	capVersion3      = 0x20080522
	plainUser        = 54321
)

// siginfo_t as rt_tgsigqueueinfo takes it.
type siginfo struct {
	signo, errno, code, _ int32
	pid, uid              int32
	value                 uint64
	_                     [96]byte
}

func setSoftLimit(what int, value uint64) {
	var limit syscall.Rlimit
	check(syscall.Getrlimit(what, &limit), "getrlimit")
	limit.Cur = value
	if limit.Cur > limit.Max {
		limit.Cur = limit.Max
	}
	check(syscall.Setrlimit(what, &limit), "setrlimit")
}

func queueSignal(pid, tid, signo int, value uint64) syscall.Errno {
	info := siginfo{signo: int32(signo), code: siQueue, pid: int32(pid), value: value}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_TGSIGQUEUEINFO, uintptr(pid), uintptr(tid), uintptr(signo),
		uintptr(unsafe.Pointer(&info)), 0, 0)
	return errno
}

// queuesASignal sends one to the calling thread, which keeps it blocked.
func queuesASignal() syscall.Errno {
	maskOfThread(1 << (testSignal - 1))
	return queueSignal(syscall.Getpid(), syscall.Gettid(), testSignal, 0)
}

func noSignalMayBeQueued() {
	crowd(18, 2)
	exactlyOnce(1)
	setSoftLimit(rlimitSigpending, 0)
	if errno := queuesASignal(); errno != syscall.EAGAIN {
		fail("a signal may be queued: %v", errno)
	}
	proven("RLIMIT_SIGPENDING is 0, a queued signal gives EAGAIN")
	broadcastNow()
}

const queued = 400

// Another process of the user that takes none of its signals.
func fillTheQueue() {
	for i := 0; i < queued; i++ {
		check(queuesASignal(), "queue")
	}
	writeByte(4)
	sleepForEver()
}

func tooManySignalsAreQueued() {
	from, to := pipe()
	startHelper("queue", to)
	crowd(18, 2)
	exactlyOnce(1)
	readByte(from)
	setSoftLimit(rlimitSigpending, 300)
	if errno := queuesASignal(); errno != syscall.EAGAIN {
		fail("a signal may be queued: %v", errno)
	}
	proven("another process of the user has %d queued, of 300", queued)
	broadcastNow()
}

func fillTheDescriptors() {
	openCounter()
	setSoftLimit(syscall.RLIMIT_NOFILE, 64)
	var err error
	for err == nil {
		_, err = syscall.Dup(0)
	}
	if err != syscall.EMFILE {
		fail("dup: %v", err)
	}
}

func noDescriptorIsFree() {
	crowd(18, 2)
	exactlyOnce(10)
	fillTheDescriptors()
	manyTimes(100)
	proven("RLIMIT_NOFILE is 64, dup gives EMFILE")
	broadcastNow()
}

func noDescriptorIsFreeAndOneBlocks() {
	crowd(18, 2)
	tid := task(func() { maskOfThread(^uint64(0)) })
	stage.culprit = int32(tid)
	mask := statusField(tid, "SigBlk")
	fillTheDescriptors()
	proven("RLIMIT_NOFILE is 64, dup gives EMFILE, SigBlk of task %d is %s", tid, mask)
	broadcastNow()
}

func addressSpaceIsUsedUp() {
	crowd(18, 2)
	exactlyOnce(10)
	kb, err := strconv.ParseUint(statusField(syscall.Getpid(), "VmSize"), 10, 64)
	check(err, "VmSize")
	setSoftLimit(syscall.RLIMIT_AS, kb*1024)
	if _, err := syscall.Mmap(-1, 0, 1<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON); err != syscall.ENOMEM {
		fail("mmap: %v", err)
	}
	proven("RLIMIT_AS is %d KiB, mmap gives ENOMEM", kb)
	manyTimes(100)
	broadcastNow()
}

// keepOnlySetuid makes every task that of a plain user, with the one privilege that the change needs.
func keepOnlySetuid() {
	header := [2]uint32{capVersion3, 0}
	sets := [6]uint32{capSetuid, capSetuid}
	check(all(syscall.SYS_PRCTL, prKeepCaps, 1, 0), "PR_SET_KEEPCAPS")
	check(all(syscall.SYS_SETRESUID, plainUser, plainUser, plainUser), "setresuid")
	check(all(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&sets)), 0), "capset")
}

// taskRefused says what a new process gets: the limit is the same, and a process harms nobody if it is made after all.
func taskRefused() syscall.Errno {
	_, err := syscall.ForkExec("/proc/self/exe", []string{"peer", "none"}, nil)
	errno, _ := err.(syscall.Errno)
	return errno
}

func noTaskMayBeCreated() {
	keepOnlySetuid()
	crowd(18, 2)
	exactlyOnce(10)
	setSoftLimit(rlimitNproc, 1)
	if errno := taskRefused(); errno != syscall.EAGAIN {
		fail("a process may be made: %v", errno)
	}
	proven("RLIMIT_NPROC is 1, a new process gives EAGAIN")
	manyTimes(100)
	broadcastNow()
}
