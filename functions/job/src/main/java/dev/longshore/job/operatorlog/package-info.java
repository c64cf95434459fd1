/** What operators did, when, and with which key. */
@NullMarked
package dev.longshore.job.operatorlog;

import org.jspecify.annotations.NullMarked;
