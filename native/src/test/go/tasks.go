package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const sigSetMask = 2

// task starts a goroutine that keeps a thread: it prepares, and then sleeps for ever.
func task(prepare func()) (tid int) {
	started := make(chan int)
	go func() {
		runtime.LockOSThread()
		if prepare != nil {
			prepare()
		}
		started <- syscall.Gettid()
		sleepForEver()
	}()
	return <-started
}

func sleepForEver() {
	for {
		syscall.Syscall6(syscall.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
	}
}

func busyTask() (tid int) {
	started := make(chan int)
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	go func() {
		runtime.LockOSThread()
		started <- syscall.Gettid()
		for {
		}
	}()
	return <-started
}

func crowd(idlers, spinners int) {
	for i := 0; i < idlers; i++ {
		task(nil)
	}
	for i := 0; i < spinners; i++ {
		busyTask()
	}
}

// maskOfThread sets the mask of the calling thread, behind the runtime's back.
func maskOfThread(mask uint64) {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetMask, uintptr(unsafe.Pointer(&mask)), 0, 8, 0, 0)
	check(errno, "rt_sigprocmask")
}

func waitUntil(condition func() bool) {
	for !condition() {
		time.Sleep(time.Millisecond)
	}
}

func stateOf(task int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", task))
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

func waitForState(task int, state string) {
	waitUntil(func() bool { return stateOf(task) == state })
}

// statusField gives the first number behind NAME: in the status of a task of this process; "" if it has ended.
func statusField(tid int, name string) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/status", tid))
	for _, line := range strings.Split(string(text), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == name+":" {
			return fields[1]
		}
	}
	return ""
}

func tasks() (tids []int) {
	directory, err := os.Open("/proc/self/task")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(-1)
	for _, name := range names {
		tid, _ := strconv.Atoi(name)
		tids = append(tids, tid)
	}
	return tids
}

// startHelper runs this program again, with the stage and the pipe's end that is given (then its descriptor 4).
func startHelper(name string, fd int, arguments ...string) (pid int) {
	files := []uintptr{0, 1, 2, stageFd}
	if fd >= 0 {
		files = append(files, uintptr(fd))
	}
	pid, err := syscall.ForkExec("/proc/self/exe", append([]string{"peer", "helper:" + name}, arguments...),
		&syscall.ProcAttr{Env: os.Environ(), Files: files})
	check(err, "helper "+name)
	return pid
}

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	check(err, "argument")
	return n
}

func pipe() (from, to int) {
	var ends [2]int
	check(syscall.Pipe2(ends[:], syscall.O_CLOEXEC), "pipe")
	return ends[0], ends[1]
}

func readByte(fd int) {
	if n, err := syscall.Read(fd, make([]byte, 1)); n != 1 {
		fail("nothing to read: %v", err)
	}
}

func writeByte(fd int) {
	_, err := syscall.Write(fd, []byte{'x'})
	check(err, "write")
}
