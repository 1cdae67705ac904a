/**
 * Internal to psx-agent: the one language of options and policy files. {@link dev.psx.policy.PolicyParser} reads either, {@link
 * dev.psx.policy.PolicySettings} is what they say. Imports {@code java.*} and {@code dev.psx} only.
 */
package dev.psx.policy;
