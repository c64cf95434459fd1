/**
 * The example tasks in the local runtime: what {@code mvn -Pdev} and {@code mvn -Pdemo} run in this repository. Not published; a
 * team runs its own worker by {@link dev.longshore.local.Main}.
 */
@NullMarked
package dev.longshore.demo;

import org.jspecify.annotations.NullMarked;
