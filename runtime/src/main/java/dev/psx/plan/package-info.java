/**
 * Dropping privileges as one transaction: what the process shall be afterwards is said in a {@link dev.psx.plan.PrivilegePlan},
 * and {@link dev.psx.plan.PrivilegePlan#apply()} brings it about on every task of the JVM, or changes nothing.
 */
package dev.psx.plan;
