/**
 * Internal: the binding to the C engine. Nothing in here is API, and everything may change.
 *
 * <p>{@link dev.psx.engine.NativeEngine} is started by reflection, so that the API needs neither JNA nor SLF4J to be loaded
 * before somebody wants to change a privilege.
 */
package dev.psx.engine;
