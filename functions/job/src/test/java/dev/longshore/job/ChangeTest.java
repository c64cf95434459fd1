package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChangeTest {
    private static final Condition ANY = new Condition.Present(Field.STATE);

    /** DynamoDB refuses an update expression that sets and removes one field: "two document paths overlap". */
    @Test
    void fieldIsSetOrRemovedWhicheverCameLast() {
        Change setLast = new Change("t", ANY, null).remove(Field.DUE).set(Field.DUE, Instant.ofEpochMilli(7));
        Change removedLast =
                new Change("t", ANY, null).set(Field.DUE, Instant.EPOCH).remove(Field.DUE);

        assertThat(setLast.sets()).containsEntry(Field.DUE, 7L);
        assertThat(setLast.removals()).isEmpty();
        assertThat(removedLast.sets()).isEmpty();
        assertThat(removedLast.removals()).containsExactly(Field.DUE);
    }

    @Test
    void comparisonWithATypeThatNoRowHasIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Condition.Is(Field.FENCE, 1))
                .withMessageContaining("Integer");
    }
}
