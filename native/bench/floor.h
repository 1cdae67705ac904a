/* See floor.c. */
void floor_start(void); /* once all tasks are there */
void once_floor1(void);
void once_floor2(void);
