/** Internal: from the options to the drop, and what the agent says about it. */
package dev.psx.agent.install;
