/**
 * Attacks on the promises of the design, and the checker that says whether they held. Read in this order:
 *
 * <ol>
 *   <li>{@code DeterministicScheduler}: virtual threads under one seeded scheduler, which sets the clock;
 *   <li>{@code Sandbox} and {@code EngineCalls}: the engines as a function sees them, and the faults of its calls;
 *   <li>{@code World}: the real functions around engines in memory;
 *   <li>{@code Simulation}: clients, operators, deliveries and faults, all drawn from a seed;
 *   <li>{@code CrashPoints}: each flow once more for each of its calls, with a crash there;
 *   <li>{@code Checker}: what a history must not show;
 *   <li>{@code LifecycleModel}: every state that the lifecycle's changes can reach.
 * </ol>
 *
 * <p>The figures are in {@code docs/reliability.md}.
 */
@NullMarked
package dev.longshore.reliability;

import org.jspecify.annotations.NullMarked;
