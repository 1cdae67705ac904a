/**
 * Processes: {@link dev.psx.process.Launcher} starts children with credentials, namespaces, limits, sessions, terminals and descriptors of
 * their own, as {@link dev.psx.process.ChildProcess}es, which need no thread each and are signalled without mistaking another process for
 * them.
 */
package dev.psx.process;
