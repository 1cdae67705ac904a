package main

import (
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// Threads that come and go: a goroutine that ends while it is locked takes its thread with it.

var born uint64

func storm(creators int) {
	for i := 0; i < creators; i++ {
		go func() {
			for {
				ended := make(chan bool)
				go func() {
					runtime.LockOSThread()
					atomic.AddUint64(&born, 1)
					close(ended)
				}()
				<-ended
			}
		}()
	}
}

func threadStorm() {
	crowd(10, 0)
	storm(3)
	waitUntil(func() bool { return atomic.LoadUint64(&born) >= 100 })
	before := atomic.LoadUint64(&born)
	broadcastOften(200)
	proven("%d threads ended in the time of %d calls", atomic.LoadUint64(&born)-before, stage.calls)
}

func withAnotherGid(gid int) (others int) {
	for _, tid := range tasks() {
		if its := statusField(tid, "Gid"); its != "" && its != strconv.Itoa(gid) {
			others++
		}
	}
	return others
}

// lookForOthers judges a change of the group: whoever has not got it is missed, unless it ends in the next moment.
func lookForOthers(gid int) {
	if withAnotherGid(gid) == 0 {
		return
	}
	for looks := 0; looks < 50; looks++ {
		time.Sleep(2 * time.Millisecond)
		if withAnotherGid(gid) == 0 {
			stage.ending++
			return
		}
	}
	stage.miscounted++
}

func countedThreadStorm() {
	crowd(20, 0)
	storm(3)
	waitUntil(func() bool { return atomic.LoadUint64(&born) >= 1000 })
	before, from := atomic.LoadUint64(&born), time.Now()
	for gid := 20000; gid < 20300; gid++ {
		if syscall.Geteuid() != 0 {
			manyTimes(1)
			continue
		}
		changeGroup(gid)
		lookForOthers(gid)
	}
	proven("%.0f threads a second, %d counted changes", float64(atomic.LoadUint64(&born)-before)/time.Since(from).Seconds(), stage.counted)
	broadcastNow()
}
