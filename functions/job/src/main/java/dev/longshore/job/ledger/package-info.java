/** The ledger: how many jobs of each hour were accepted, how they ended, and how many are missing. */
@NullMarked
package dev.longshore.job.ledger;

import org.jspecify.annotations.NullMarked;
