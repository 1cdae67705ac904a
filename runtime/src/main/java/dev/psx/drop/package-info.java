/**
 * Internal to psx-agent: a drop of privileges as one transaction, used by {@code dev.psx.plan} and by the agent. Imports {@code
 * java.*} and {@code dev.psx} only.
 */
package dev.psx.drop;
