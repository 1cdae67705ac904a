/** Internal to psx-agent: no part of the API, may change in any release. Imports {@code java.*} and {@code dev.psx} only. */
package dev.psx.spi;
