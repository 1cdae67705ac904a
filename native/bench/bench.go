// bench TASKS SPINNING ROUNDS: microseconds of Go's own AllThreadsSyscall(setresuid, -1, -1, -1), median of ROUNDS and worst.
// Each task is a goroutine that keeps its thread: asleep in a read, or spinning. Built with CGO_ENABLED=0, or Go refuses.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
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
	unchanged := ^uintptr(0)
	took := make([]float64, rounds)
	for i := -2; i < rounds; i++ {
		start := time.Now()
		if _, _, errno := syscall.AllThreadsSyscall(syscall.SYS_SETRESUID, unchanged, unchanged, unchanged); errno != 0 {
			panic(errno)
		}
		if i >= 0 {
			took[i] = float64(time.Since(start).Nanoseconds()) / 1e3
		}
		time.Sleep(2 * time.Millisecond)
	}
	sort.Float64s(took)
	fmt.Printf("%.0f %.0f\n", took[rounds/2], took[rounds-1])
}
