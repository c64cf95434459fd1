package dev.longshore.local;

import dev.longshore.job.aws.PoolQueues;
import java.net.URI;
import java.util.Map;

/**
 * Where another process finds the engines of this one.
 *
 * @param files the folder of the file store
 * @param queues the queues of each pool
 */
record EngineAddresses(URI sqs, URI dynamoDb, String files, Map<String, PoolQueues> queues) {}
