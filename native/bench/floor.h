/* See floor.c. */
void floor_start(void); /* once all tasks are there */
extern void (*floor_call)(void); /* what each task does: one call that changes nothing, unless set */
void once_floor1(void);
void once_floor2(void);
