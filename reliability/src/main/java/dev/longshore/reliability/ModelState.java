package dev.longshore.reliability;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One state of the model.
 *
 * @param row the job's row, a number of {@link ModelRows}; {@link ModelRows#NONE} when it was withdrawn
 * @param api who takes the job in
 * @param told whether anybody was told that the job is taken
 * @param sentBack whether the operator's one retry is used up
 */
record ModelState(
        int row,
        Actor api,
        Actor first,
        Actor second,
        Actor keeper,
        int messages,
        int letters,
        boolean told,
        boolean sentBack) {

    private static final Comparator<Actor> ORDER =
            Comparator.comparing(Actor::phase).thenComparing(Actor::seen);

    /** What somebody is about to do. */
    enum Phase {
        IDLE,
        /** Has created the row and sends its message. */
        SENDS_FIRST,
        /** Has a message and claims its job. */
        RECEIVED,
        /** Runs the job. */
        HOLDS,
        /** Has written what is to be told to the dead letters. */
        BURIES,
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
        /** Tells a death. */
        TELLS,
        /** Deletes its letter. */
        DROPS_LETTER
    }

    /**
     * Somebody.
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
                case RECEIVED, HOLDS, BURIES, DROPS, READ_LETTER, SENDS_RESCUED, TELLS, DROPS_LETTER -> true;
                case IDLE, SENDS_FIRST, SENDS_HELD, RELEASES -> false;
            };
        }

        boolean hasAMessage() {
            return switch (phase) {
                case RECEIVED, HOLDS, BURIES, DROPS -> true;
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

    /** Without what is idle. */
    String tell() {
        return "%s messages, %s letters, %s%s"
                .formatted(
                        messages,
                        letters,
                        Stream.of(api, first, second, keeper)
                                .filter(actor -> !actor.is(Phase.IDLE))
                                .map(actor -> actor.phase().name())
                                .toList(),
                        told ? ", told" : "");
    }

    ModelState withRow(int other) {
        return new ModelState(other, api, first, second, keeper, messages, letters, told, sentBack);
    }

    ModelState withApi(Actor actor) {
        return new ModelState(row, actor, first, second, keeper, messages, letters, told, sentBack);
    }

    /** The two workers are alike: the order in which they stand is none. */
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
                told,
                sentBack);
    }

    ModelState withKeeper(Actor actor) {
        return new ModelState(row, api, first, second, actor, messages, letters, told, sentBack);
    }

    /** One message more or less. */
    ModelState messages(int more) {
        return new ModelState(row, api, first, second, keeper, messages + more, letters, told, sentBack);
    }

    ModelState letters(int more) {
        return new ModelState(row, api, first, second, keeper, messages, letters + more, told, sentBack);
    }

    /** All messages and letters, those in somebody's hands included. */
    long carriers() {
        return messages
                + letters
                + actors().filter(actor -> actor.hasAMessage() || actor.hasALetter())
                        .count();
    }

    ModelState acknowledged() {
        return new ModelState(row, api, first, second, keeper, messages, letters, true, sentBack);
    }

    ModelState afterRetry() {
        return new ModelState(row, api, first, second, keeper, messages, letters, told, true);
    }
}
