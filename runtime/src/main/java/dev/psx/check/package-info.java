/**
 * Internal: what will break in a JVM after a drop of privileges, found out before it: every question is put to a disposable process
 * that has made the drop.
 */
package dev.psx.check;
