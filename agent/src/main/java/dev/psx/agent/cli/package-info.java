/** Internal: the command line, {@code java -jar psx-agent.jar}. Lives in the isolated class loader. */
package dev.psx.agent.cli;
