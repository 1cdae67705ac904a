// children MEGABYTES: the same as children.c, with Go's os/exec.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

func require(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "children:", err)
		os.Exit(1)
	}
}

func once(pipes bool) {
	command := exec.Command("/bin/true")
	if pipes {
		_, err := command.StdinPipe()
		require(err)
		_, err = command.StdoutPipe()
		require(err)
		_, err = command.StderrPipe()
		require(err)
	} else {
		command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	}
	require(command.Start())
	require(command.Wait())
}

func work(pipes bool, end time.Time, took *[]int64) {
	start := time.Now()
	for first := true; first || start.Before(end); first = false {
		once(pipes)
		now := time.Now()
		*took = append(*took, now.Sub(start).Nanoseconds())
		start = now
	}
}

func measure(pipes bool, threads int, milliseconds int) {
	took := make([][]int64, threads)
	end := time.Now().Add(time.Duration(milliseconds) * time.Millisecond)
	var all sync.WaitGroup
	for i := 0; i < threads; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			work(pipes, end, &took[i])
		}(i)
	}
	all.Wait()
	out := bufio.NewWriter(os.Stdout)
	for _, each := range took {
		for _, nanoseconds := range each {
			fmt.Fprint(out, nanoseconds, " ")
		}
	}
	fmt.Fprintln(out)
	require(out.Flush())
}

func main() {
	megabytes, err := strconv.Atoi(os.Args[1])
	require(err)
	memory := make([]byte, megabytes<<20)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	fmt.Println("ready")
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var api, streams string
		var threads, milliseconds int
		_, err := fmt.Sscanf(commands.Text(), "times %s %s %d %d", &api, &streams, &threads, &milliseconds)
		require(err)
		measure(streams == "pipes", threads, milliseconds)
	}
	memory[0]++ // it is in use until now
}
