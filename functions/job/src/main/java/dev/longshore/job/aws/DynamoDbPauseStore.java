package dev.longshore.job.aws;

import dev.longshore.job.aws.Table.Answer;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Pauses as items of one partition, so that one consistent Query, of one read unit, reads them all. */
public final class DynamoDbPauseStore implements PauseStore {
    private static final String PARTITION = "pauses";
    private static final String SINCE = "c";
    private static final String BY = "b";
    private static final String RESUMED = "r";

    private final Table table;

    public DynamoDbPauseStore(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    @Override
    public List<Pause> all() {
        return table
                .query("Reading what is paused", ItemQuery.of(PARTITION))
                .readable(DynamoDbPauseStore::pause)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Pause pause(Pausable what, Instant now, String by) {
        Item item = key(what).with(SINCE, now).with(BY, by);
        return switch (table.put("Pausing", item, when -> when.isNew() + " OR " + when.present(RESUMED))) {
            case Answer.Written written -> new Pause(what, now, by, null);
            case Answer.Refused(Optional<Item> pausedBefore) -> pause(what, pausedBefore.orElseThrow());
        };
    }

    @Override
    public Optional<Pause> resume(Pausable what, Instant now) {
        Answer answer = table.update(
                "Resuming",
                key(what),
                to -> "SET " + to.name(RESUMED) + " = if_not_exists(" + to.name(RESUMED) + ", " + to.value(now) + ")",
                Expression::exists);
        return switch (answer) {
            case Answer.Written(Item item) -> Optional.of(pause(what, item));
            case Answer.Refused notPaused -> Optional.empty();
        };
    }

    /** Does nothing when it was paused again, or another tick has removed it. */
    @Override
    public void remove(Pause resumed) {
        Instant resumedAt = resumed.resumedAt();
        if (resumedAt == null) {
            throw new IllegalArgumentException(resumed.what() + " is paused; it must be resumed first");
        }
        table.delete(
                "Removing a pause",
                key(resumed.what()),
                when -> when.equal(SINCE, resumed.since()) + " AND " + when.equal(RESUMED, resumedAt));
    }

    private static Item key(Pausable what) {
        return Item.of(PARTITION, what.text());
    }

    /** Empty for a kind of thing that only newer code can pause. */
    private static Optional<Pause> pause(Item item) {
        return Pausable.parse(item.sort()).map(what -> pause(what, item));
    }

    private static Pause pause(Pausable what, Item item) {
        return new Pause(what, item.time(SINCE), item.text(BY), item.has(RESUMED) ? item.time(RESUMED) : null);
    }
}
