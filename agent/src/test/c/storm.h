/* The calling task looks at its own effective uid; see storm.c. */
#ifndef STORM_H
#define STORM_H

void storm_probe(void);

#endif
