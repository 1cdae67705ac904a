#include "textflag.h"

// func rawClone(flags, top, parentTid uintptr) uintptr
TEXT ·rawClone(SB), NOSPLIT, $0-32
	MOVQ flags+0(FP), DI
	MOVQ top+8(FP), SI
	MOVQ parentTid+16(FP), DX
	XORL R10, R10
	XORL R8, R8
	MOVL $56, AX // clone
	SYSCALL
	TESTQ AX, AX
	JZ sleep
	MOVQ AX, ret+24(FP)
	RET
sleep:
	MOVL $34, AX // pause
	SYSCALL
	JMP sleep
