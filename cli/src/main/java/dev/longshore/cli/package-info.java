/**
 * The command line {@code longshore}. {@link dev.longshore.cli.Main} lists its commands; each is a class that calls the API
 * through the Java client and prints a table, or JSON. {@link dev.longshore.cli.Exit} has the exit codes.
 */
@NullMarked
package dev.longshore.cli;

import org.jspecify.annotations.NullMarked;
