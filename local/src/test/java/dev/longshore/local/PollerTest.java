package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Lambda's rules for what a function answers to a batch. */
class PollerTest {
    private static final List<Message> BATCH = List.of(message("a"), message("b"), message("c"));

    @Test
    void anAnswerThatNamesFailuresKeepsJustThose() {
        assertThat(failures("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}"))
                .containsExactly("b");
    }

    @Test
    void noAnswerAnEmptyOneAndAnEmptyOrMissingListMeanThatAllIsDone() {
        for (String answer : List.of("", "null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}")) {
            assertThat(failures(answer)).as(answer).isEmpty();
        }
    }

    @Test
    void anUnknownAnEmptyOrAMissingIdentifierKeepsTheWholeBatch() {
        for (String id : List.of("\"z\"", "\"\"", "null")) {
            assertThat(failures("{\"batchItemFailures\":[{\"itemIdentifier\":" + id + "}]}"))
                    .as(id)
                    .containsExactlyInAnyOrder("a", "b", "c");
        }
        assertThat(failures("{\"batchItemFailures\":[{}]}")).hasSize(3);
    }

    @Test
    void anAnswerThatCannotBeReadKeepsTheWholeBatch() {
        assertThat(failures("{\"batchItemFailures\":")).hasSize(3);
        assertThat(failures("[]")).hasSize(3);
    }

    private static Set<String> failures(String answer) {
        return Poller.failures(answer.getBytes(StandardCharsets.UTF_8), BATCH);
    }

    private static Message message(String id) {
        return Message.builder().messageId(id).receiptHandle("r-" + id).build();
    }
}
