/** Internal: what may start the drop after the application has begun to run, and who watches that it does not wait for ever. */
package dev.psx.agent.trigger;
