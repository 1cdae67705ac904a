package main

import (
	"sync/atomic"
	"time"
)

const peerSignal = 33 // sigPerThreadSyscall of the runtime

// forge is another process of the same user: signals for every task, without an end. lingerNs, the engine's alone, counts them.
func forge() {
	target := int(stage.pid)
	targets := make([]int, len(stage.entry))
	for i := range targets {
		targets[i] = int(stage.entry[i].tid)
	}
	for i := 0; ; i++ {
		if tid := targets[i%len(targets)]; tid != 0 && queueSignal(target, tid, peerSignal, uint64(i)*4096) == 0 {
			atomic.AddUint64(&stage.lingerNs, 1)
		}
		if i%256 == 0 {
			time.Sleep(500 * time.Microsecond)
		}
	}
}

func forgedSignals() {
	crowd(5, 0)
	exactlyOnce(1)
	for i, tid := range tasks() {
		if i < len(stage.entry) {
			stage.entry[i].tid = int32(tid)
		}
	}
	startHelper("forge", -1)
	sent := &stage.lingerNs
	waitUntil(func() bool { return atomic.LoadUint64(sent) > 0 })
	exactlyOnce(300)
	before := atomic.LoadUint64(sent)
	waitUntil(func() bool { return atomic.LoadUint64(sent) > before })
	proven("%d forged signals during %d counted changes", atomic.LoadUint64(sent), stage.counted)
	broadcastNow()
}
