/** API keys: scopes, expiry, and their store. */
@NullMarked
package dev.longshore.job.key;

import org.jspecify.annotations.NullMarked;
