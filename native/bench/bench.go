// bench TASKS SPINNING ROUNDS MILLISECONDS: how long Go's own AllThreadsSyscall(setresuid, -1, -1, -1) takes; as bench.c.
// Each task is a goroutine that keeps its thread: asleep in a read, or spinning. Built with CGO_ENABLED=0, or Go refuses.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

func idle(started chan<- bool) {
	runtime.LockOSThread()
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	started <- true
	syscall.Read(ends[0], make([]byte, 1))
}

func spin(started chan<- bool) {
	runtime.LockOSThread()
	started <- true
	for {
	}
}

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	if err != nil {
		panic(err)
	}
	return n
}

func broadcast() {
	unchanged := ^uintptr(0)
	if _, _, errno := syscall.AllThreadsSyscall(syscall.SYS_SETRESUID, unchanged, unchanged, unchanged); errno != 0 {
		panic(errno)
	}
}

func main() {
	tasks, spinning, rounds := number(1), number(2), number(3)
	runtime.GOMAXPROCS(runtime.NumCPU() + spinning)
	started := make(chan bool)
	for i := 1; i < tasks; i++ {
		if i <= spinning {
			go spin(started)
		} else {
			go idle(started)
		}
		<-started
	}
	end := time.Now().Add(time.Duration(number(4)) * time.Millisecond)
	took := make([]time.Duration, 0, rounds)
	broadcast()
	broadcast()
	for len(took) < rounds && (len(took) < 3 || time.Now().Before(end)) {
		start := time.Now()
		broadcast()
		took = append(took, time.Since(start))
		time.Sleep(2 * time.Millisecond)
	}
	for _, t := range took {
		fmt.Println(t.Nanoseconds())
	}
}
