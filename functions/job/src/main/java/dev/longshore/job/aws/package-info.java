/**
 * Jobs in DynamoDB, messages in SQS. The only package that speaks to AWS.
 *
 * <p>{@link dev.longshore.job.aws.DynamoDbJobStore} carries out the changes of {@link dev.longshore.job.Lifecycle}, each
 * as one conditional UpdateItem that answers with the row: as it is when it was written, as it was when it was refused.
 * The table's keys and its one index are in {@link dev.longshore.job.aws.JobTable}.
 */
@NullMarked
package dev.longshore.job.aws;

import org.jspecify.annotations.NullMarked;
