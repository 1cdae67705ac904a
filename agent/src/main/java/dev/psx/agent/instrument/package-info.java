/** Internal: transformers of the JDK's (and Netty's) classes. ASM only: a builder of advice would double the time of start-up. */
package dev.psx.agent.instrument;
