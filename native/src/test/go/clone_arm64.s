#include "textflag.h"

// func rawClone(flags, top, parentTid uintptr) uintptr
TEXT ·rawClone(SB), NOSPLIT, $0-32
	MOVD flags+0(FP), R0
	MOVD top+8(FP), R1
	MOVD parentTid+16(FP), R2
	MOVD $0, R3
	MOVD $0, R4
	MOVD $220, R8 // clone
	SVC
	CBZ R0, sleep
	MOVD R0, ret+24(FP)
	RET
sleep:
	MOVD $0, R0
	MOVD $0, R1
	MOVD $0, R2
	MOVD $0, R3
	MOVD $0, R4
	MOVD $73, R8 // ppoll
	SVC
	B sleep
