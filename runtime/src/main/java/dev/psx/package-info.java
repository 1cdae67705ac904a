/**
 * Privilege changes that hold for every task of the JVM: Linux keeps user ids, groups, capabilities and the like per task, and a
 * plain system call changes the calling task only.
 *
 * <p>{@link dev.psx.Posix} has the set*id calls as POSIX means them, {@link dev.psx.Psx} broadcasts any other system call,
 * {@link dev.psx.plan.PrivilegePlan} drops privileges as one transaction, and {@link dev.psx.cap} has capabilities. All of them
 * share one engine per process; see {@link dev.psx.Psx} for what a broadcast promises.
 *
 * <p>All exceptions are unchecked: a privilege change that fails must not pass unnoticed.
 */
package dev.psx;
