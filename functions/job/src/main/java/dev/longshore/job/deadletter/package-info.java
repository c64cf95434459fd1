/** Dead jobs and unreadable messages: filters, pages, and the tasks that redrive and purge them. */
@NullMarked
package dev.longshore.job.deadletter;

import org.jspecify.annotations.NullMarked;
