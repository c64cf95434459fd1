package dev.longshore.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A number that the stack's alarms need and AWS does not have: functions catch what fails and answer all the same, so Lambda's
 * own metric {@code Errors} stays 0. Each data point is a line {@code {"metric":"FailedParts","value":1}} in the log, of which a
 * metric filter of the stack makes a point of a CloudWatch metric ("Creating metrics from log events using filters", Amazon
 * CloudWatch Logs User Guide). A line holds nothing of a job, and is written whatever the level of the log is
 * ({@code longshore-lambda-logback.xml}).
 *
 * <p>A custom metric costs $0.30 a month for the hours in which it has a data point. So only {@link #COMPLETE_TICKS} is written
 * while all is well.
 */
public enum LoggedMetric {
    /** Requests, and jobs of a batch request, that the API answered with 500 or 503. */
    SERVER_ERRORS("ServerErrors"),
    /** Messages whose processing failed for another reason than their handler. They are received again. */
    FAILED_MESSAGES("FailedMessages"),
    /** What a tick of the dispatcher left because it failed. The next tick does it again. */
    FAILED_PARTS("FailedParts"),
    /** Ticks of which no part failed as a whole. */
    COMPLETE_TICKS("CompleteTicks"),
    /** For how many seconds the oldest held job is overdue that a tick did not send. */
    OLDEST_DUE_JOB("OldestDueJob"),
    /** Counts of an hour in which jobs are missing, and ticks at which the audit is two hours behind. */
    UNBALANCED_LEDGER("UnbalancedLedger");

    private static final Logger LINES = LoggerFactory.getLogger(LoggedMetric.class);

    private final String text;

    LoggedMetric(String text) {
        this.text = text;
    }

    /** The name in the line, in CloudWatch, and of the alarm. */
    public String text() {
        return text;
    }

    /** Adds one. */
    public void count() {
        record(1);
    }

    /** @param value a count, or seconds, as the metric has it */
    public void record(long value) {
        LINES.info("{\"metric\":\"" + text + "\",\"value\":" + value + "}");
    }
}
