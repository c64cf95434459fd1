package dev.longshore.reliability;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One state of the model.
 *
 * @param row the job's row, a number of {@link ModelRows}; {@link ModelRows#NONE} when it was withdrawn
 * @param api who takes the job in
 * @param acknowledged whether a client was answered that the job is accepted
 * @param redriven whether the operator's one retry is used up
 */
record ModelState(
        int row,
        Actor api,
        Actor first,
        Actor second,
        Actor keeper,
        int messages,
        int letters,
        boolean acknowledged,
        boolean redriven) {

    private static final Comparator<Actor> ORDER =
            Comparator.comparing(Actor::phase).thenComparing(Actor::seen);

    /** What an actor does next. */
    enum Phase {
        IDLE,
        /** Has created the row and sends its message. */
        SENDS_FIRST,
        /** Has a message and claims its job. */
        RECEIVED,
        /** Runs the job. */
        HOLDS,
        /** Has written the death and sends the job to the dead letters. */
        SENDS_DEAD_LETTER,
        /** Deletes its message. */
        DROPS,
        /** Has read a held job and sends its message. */
        SENDS_HELD,
        /** Has sent it and releases the job. */
        RELEASES,
        /** Has a dead letter and the row as it was then. */
        READ_LETTER,
        /** Has rescued the job and sends its message. */
        SENDS_RESCUED,
        /** Handles a death. */
        HANDLES_DEATH,
        /** Deletes its letter. */
        DROPS_LETTER
    }

    /**
     * The API, a worker or a keeper.
     *
     * @param seen what it remembers of the row, a number of {@link ModelRows}
     */
    record Actor(Phase phase, int seen) {
        static final Actor IDLE = new Actor(Phase.IDLE, ModelRows.NONE);

        boolean is(Phase other) {
            return phase == other;
        }

        /** A message, a letter, or a message that it is about to send. A crash puts the first two back. */
        boolean hasSomethingInHand() {
            return switch (phase) {
                case RECEIVED,
                        HOLDS,
                        SENDS_DEAD_LETTER,
                        DROPS,
                        READ_LETTER,
                        SENDS_RESCUED,
                        HANDLES_DEATH,
                        DROPS_LETTER -> true;
                case IDLE, SENDS_FIRST, SENDS_HELD, RELEASES -> false;
            };
        }

        boolean hasAMessage() {
            return switch (phase) {
                case RECEIVED, HOLDS, SENDS_DEAD_LETTER, DROPS -> true;
                default -> false;
            };
        }

        boolean hasALetter() {
            return hasSomethingInHand() && !hasAMessage();
        }
    }

    Stream<Actor> actors() {
        return Stream.of(first, second, keeper);
    }

    /** One line of text; idle actors are left out. */
    String text() {
        return "%s messages, %s letters, %s%s"
                .formatted(
                        messages,
                        letters,
                        Stream.of(api, first, second, keeper)
                                .filter(actor -> !actor.is(Phase.IDLE))
                                .map(actor -> actor.phase().name())
                                .toList(),
                        acknowledged ? ", acknowledged" : "");
    }

    ModelState withRow(int other) {
        return new ModelState(other, api, first, second, keeper, messages, letters, acknowledged, redriven);
    }

    ModelState withApi(Actor actor) {
        return new ModelState(row, actor, first, second, keeper, messages, letters, acknowledged, redriven);
    }

    /** The two workers are interchangeable, so they are kept in a fixed order. */
    ModelState withWorker(Actor old, Actor changed) {
        Actor other = first.equals(old) ? second : first;
        boolean inOrder = ORDER.compare(changed, other) <= 0;
        return new ModelState(
                row,
                api,
                inOrder ? changed : other,
                inOrder ? other : changed,
                keeper,
                messages,
                letters,
                acknowledged,
                redriven);
    }

    ModelState withKeeper(Actor actor) {
        return new ModelState(row, api, first, second, actor, messages, letters, acknowledged, redriven);
    }

    /** One message more or less. */
    ModelState messages(int more) {
        return new ModelState(row, api, first, second, keeper, messages + more, letters, acknowledged, redriven);
    }

    ModelState letters(int more) {
        return new ModelState(row, api, first, second, keeper, messages, letters + more, acknowledged, redriven);
    }

    /** All messages and letters, including those that an actor has received. */
    long carriers() {
        return messages
                + letters
                + actors().filter(actor -> actor.hasAMessage() || actor.hasALetter())
                        .count();
    }

    ModelState withAcknowledgement() {
        return new ModelState(row, api, first, second, keeper, messages, letters, true, redriven);
    }

    ModelState afterRetry() {
        return new ModelState(row, api, first, second, keeper, messages, letters, acknowledged, true);
    }
}
