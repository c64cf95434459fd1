/**
 * Spring Boot starter: a {@link dev.longshore.client.Longshore} bean from {@code longshore.url} and {@code longshore.key}, a health
 * indicator, the current trace's context with each job, and with {@code longshore.outbox.enabled=true} a
 * {@link dev.longshore.spring.TransactionalOutbox} that enqueues jobs when the current transaction commits.
 */
@NullMarked
package dev.longshore.spring;

import org.jspecify.annotations.NullMarked;
