package dev.longshore.job.aws;

/** The URLs of a pool's queue and of its dead-letter queue. */
public record PoolQueues(String queueUrl, String deadLetterUrl) {}
