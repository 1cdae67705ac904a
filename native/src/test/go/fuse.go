package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// A file system served by a thread of the same process: readers sleep uninterruptibly until it answers, and it may be held.

const (
	fuseLookup  = 1
	fuseForget  = 2
	fuseGetattr = 3
	fuseOpen    = 14
	fuseRead    = 15
	fuseInit    = 26
	fuseUnasked = 36 // FUSE_INTERRUPT: expects no answer
	fuseForgets = 42
	fileNode    = 2
	fuseFile    = "/tmp/file"
)

var (
	device     int
	withhold   uint32
	withheld   uint32
	answered   uint64
	over, gone uint32
)

type fuseHeader struct {
	length, opcode uint32
	unique, node   uint64
}

type fuseAttr struct {
	Ino, Size, Blocks, Atime, Mtime, Ctime uint64
	Nsec                                   [3]uint32
	Mode, Nlink                            uint32
	Rest                                   [5]uint32
}

func attributes(node uint64) fuseAttr {
	if node == fileNode {
		return fuseAttr{Ino: node, Mode: syscall.S_IFREG | 0644, Size: 1 << 20, Nlink: 1}
	}
	return fuseAttr{Ino: node, Mode: syscall.S_IFDIR | 0755, Nlink: 1}
}

func answer(asked *fuseHeader, errno syscall.Errno, body interface{}) {
	var reply bytes.Buffer
	if body != nil {
		check(binary.Write(&reply, binary.LittleEndian, body), "body")
	}
	head := struct {
		Length uint32
		Error  int32
		Unique uint64
	}{uint32(16 + reply.Len()), -int32(errno), asked.unique}
	var whole bytes.Buffer
	check(binary.Write(&whole, binary.LittleEndian, head), "head")
	whole.Write(reply.Bytes())
	if _, err := syscall.Write(device, whole.Bytes()); err != nil && err != syscall.ENOENT { // ENOENT: not waited for any more
		fail("answer to %d: %v", asked.opcode, err)
	}
}

func serve(asked *fuseHeader) {
	switch asked.opcode {
	case fuseInit:
		answer(asked, 0, [16]uint32{7, 31, 0, 0, 0, 4096})
	case fuseLookup:
		answer(asked, 0, struct {
			Node, Generation, EntryValid, AttrValid uint64
			Nsec                                    uint64
			Attr                                    fuseAttr
		}{Node: fileNode, Attr: attributes(fileNode)})
	case fuseGetattr:
		answer(asked, 0, struct {
			Valid, Nsec uint64
			Attr        fuseAttr
		}{Attr: attributes(asked.node)})
	case fuseOpen:
		answer(asked, 0, [2]uint64{0, 1}) // 1: every read comes here
	case fuseRead:
		if atomic.LoadUint32(&withhold) != 0 {
			atomic.StoreUint32(&withheld, 1)
			return
		}
		answer(asked, 0, []byte{'x'})
		atomic.AddUint64(&answered, 1)
	case fuseForget, fuseForgets, fuseUnasked:
	default:
		answer(asked, syscall.ENOSYS, nil)
	}
}

func serveAll() {
	request := make([]byte, 1<<16)
	for {
		n, err := syscall.Read(device, request)
		if n >= int(unsafe.Sizeof(fuseHeader{})) {
			serve((*fuseHeader)(unsafe.Pointer(&request[0])))
		} else if err != syscall.EINTR && err != syscall.ENOENT {
			return
		}
	}
}

// mountIt mounts it where only this process sees it.
func mountIt() {
	ownMounts(0)
	var err error
	device, err = syscall.Open("/dev/fuse", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		lacks("no /dev/fuse")
	}
	options := fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", device)
	if syscall.Mount("fault", "/tmp", "fuse", syscall.MS_NODEV|syscall.MS_NOSUID, options) != nil {
		skip("may not mount")
	}
	go func() {
		runtime.LockOSThread()
		serveAll()
	}()
	var s syscall.Stat_t
	check(syscall.Stat(fuseFile, &s), "stat")
	stage.fuse = uint32(s.Dev&0xff | s.Dev>>12&^0xff)
	syscall.Close(openFile()) // its flush gets ENOSYS: no later close waits for an answer
}

func openFile() int {
	fd, err := syscall.Open(fuseFile, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	check(err, "open")
	return fd
}

func fuseServed() {
	mountIt()
	crowd(1, 0)
	for i := 0; i < 3; i++ {
		go func() {
			runtime.LockOSThread()
			for fd := openFile(); atomic.LoadUint32(&over) == 0; {
				syscall.Pread(fd, make([]byte, 1), 0)
			}
			atomic.AddUint32(&gone, 1)
			sleepForEver()
		}()
	}
	waitUntil(func() bool { return atomic.LoadUint64(&answered) >= 100 })
	before := atomic.LoadUint64(&answered)
	proven("%d reads were answered before", before)
	broadcastOften(100)
	proven("%d reads were answered in the time of the calls", atomic.LoadUint64(&answered)-before)
	atomic.StoreUint32(&over, 1)
	waitUntil(func() bool { return atomic.LoadUint32(&gone) == 3 })
}

func fuseUnanswered() {
	mountIt()
	crowd(1, 0)
	fd := openFile()
	atomic.StoreUint32(&withhold, 1)
	tid := stalls(func() { syscall.Pread(fd, make([]byte, 1), 0) })
	waitUntil(func() bool { return atomic.LoadUint32(&withheld) != 0 })
	stage.culprit = int32(tid)
	proven("it waits for an answer, in state %s", stateOf(tid))
	broadcastNow()
	os.Exit(0)
}
