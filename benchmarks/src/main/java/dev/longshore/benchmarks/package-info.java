/**
 * What Longshore costs and how fast it is, counted and measured on the embedded engines. {@link
 * dev.longshore.benchmarks.CostTables} prints the cost tables of {@code docs/deploying.md}.
 */
@org.jspecify.annotations.NullMarked
package dev.longshore.benchmarks;
