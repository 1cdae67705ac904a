/* A page whose first use waits until somebody gives it its content. */
#ifndef USERFAULT_H
#define USERFAULT_H

#include "fault.h"

char *stalling_page(int *fd); /* skips the row where that is not permitted */
void fill(int fd, char *at, const void *content, size_t size);
int wait_for_page_fault(int fd); /* until somebody waits for the page; 0: the descriptor is dead */
int call_of(int tid);             /* the number of the system call that the task is in, or -1 */

#endif
