package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.random.RandomGenerator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What SnapStart needs of a function ("Runtime hooks for Lambda SnapStart", AWS Lambda Developer Guide).
 *
 * <ul>
 *   <li>Before the snapshot: {@link ShardsCheck}, so that a deployment with another number of shards fails. Then one read of a
 *       row that does not exist, which loads what the first real call would have to load. The connection is closed with its answer,
 *       so that no restored function finds one that ended long ago.
 *   <li>After a restore: other randomness, see {@link FreshRandom}. Nothing is drawn in advance anywhere: write tokens, ids
 *       and waits are drawn where they are used. And the check, where no answer came before the snapshot.
 * </ul>
 */
final class SnapStartHooks implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger(SnapStartHooks.class);
    private static final Item NOBODYS = Item.of(DayShards.SIXTEEN, JobId.of(0, 0, 0));

    /** CRaC's context has only weak references to its resources. */
    private static final Set<SnapStartHooks> REGISTERED = new CopyOnWriteArraySet<>();

    private final FreshRandom random;
    private final DynamoDbClient dynamoDb;
    private final String table;
    private final ShardsCheck shards;

    SnapStartHooks(FreshRandom random, DynamoDbClient dynamoDb, String table, ShardsCheck shards) {
        this.random = random;
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shards = shards;
    }

    void register() {
        REGISTERED.add(this);
        Core.getGlobalContext().register(this);
    }

    /** Whether hooks for this randomness are registered. */
    static boolean areRegisteredFor(RandomGenerator random) {
        return REGISTERED.stream().anyMatch(hooks -> hooks.random == random);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        try {
            shards.pass();
            Calls.make(
                    "Priming",
                    () -> dynamoDb.getItem(get -> get.tableName(table)
                            .key(NOBODYS.attributes())
                            .overrideConfiguration(call -> call.putHeader("Connection", "close"))));
        } catch (StoreUnavailableException e) {
            // a role that is minutes old may not be active everywhere; the function starts a little slower without this
            LOG.atWarn()
                    .setCause(e)
                    .log("The DynamoDB call before the snapshot failed; the snapshot is made without priming");
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        random.renew();
        shards.pass();
    }
}
