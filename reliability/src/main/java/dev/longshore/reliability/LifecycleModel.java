package dev.longshore.reliability;

import dev.longshore.job.JobState;
import dev.longshore.reliability.ModelState.Actor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every state that one job can come to, with its workers, one keeper at a time (dispatcher, dead-letter function,
 * resumption), and messages and dead letters, any of which can be slow, doubled or gone at any step. The job's changes are
 * the real ones of {@link dev.longshore.job.Lifecycle}, evaluated as a store does; {@link ModelMoves} says which actor makes
 * them when. Exhaustive within its bounds: {@value ModelMoves#MOST_CLAIMS} claims, two attempts, one operator's retry, and
 * what {@link ModelBounds} say.
 */
final class LifecycleModel {
    /** What is explored one after the other in each build. */
    static final List<ModelBounds> USUAL = List.of(
            new ModelBounds(2, 2, true, false, false),
            new ModelBounds(2, 2, false, true, false),
            new ModelBounds(2, 2, false, false, true));

    /** All of it at once. */
    static final List<ModelBounds> LONG = List.of(new ModelBounds(2, 2, true, true, true));

    /** On the page, which lists every waiting state, and impossible: a RETRYING job was started before. */
    static final Set<String> IMPOSSIBLE = Set.of(
            "RETRYING -acknowledge-> RETRYING",
            "RETRYING -replaceWaiting-> SCHEDULED",
            "RETRYING -replaceWaiting-> QUEUED",
            "RETRYING -expire-> DEAD",
            "RETRYING -cancelUnstarted-> CANCELLED");

    private final List<ModelBounds> bounds;
    private final Set<String> steps = new TreeSet<>();
    private final Set<String> wrong = new LinkedHashSet<>();
    private final List<String> figures = new ArrayList<>();
    private boolean explored;

    LifecycleModel(List<ModelBounds> bounds) {
        this.bounds = bounds;
    }

    LifecycleModel() {
        this(USUAL);
    }

    /** What the model and the page say differently, and what is wrong in any state; empty when nothing is. */
    List<String> compare(LifecyclePage page) {
        explore();
        List<String> found = new ArrayList<>(wrong);
        steps.stream()
                .filter(step -> !page.steps().contains(step))
                .forEach(step -> found.add("reachable, and not on the page: " + step));
        page.steps().stream()
                .filter(step -> steps.contains(step) == IMPOSSIBLE.contains(step))
                .forEach(step ->
                        found.add("on the page, and not reachable (or listed as impossible, and reachable): " + step));
        return found;
    }

    /** How much was explored, a line for each of the bounds. */
    List<String> figures() {
        explore();
        return figures;
    }

    /** All that can happen, as {@link LifecyclePage#step} writes it. */
    Set<String> steps() {
        explore();
        return steps;
    }

    private void explore() {
        if (!explored) {
            explored = true;
            bounds.forEach(one -> {
                Exploration exploration = new Exploration(one);
                exploration.run();
                steps.addAll(exploration.rows.steps());
                wrong.addAll(exploration.wrong);
                figures.add(exploration.figures());
            });
        }
    }

    private static final class Exploration {
        private final ModelBounds bounds;
        private final ModelRows rows = new ModelRows();
        private final Map<ModelState, Integer> numbers = new HashMap<>();
        private final List<ModelState> states = new ArrayList<>();
        private final Set<String> wrong = new LinkedHashSet<>();
        private int[] from = new int[1 << 16];
        private int[] to = new int[1 << 16];
        private int moves;
        private int[] cameFrom = new int[1 << 16];

        Exploration(ModelBounds bounds) {
            this.bounds = bounds;
        }

        void run() {
            ModelMoves model = new ModelMoves(rows, bounds);
            model.starts().forEach(this::number);
            for (int i = 0; i < states.size(); i++) {
                for (ModelState next : model.from(states.get(i))) {
                    int before = states.size();
                    int number = number(next);
                    if (number == before) {
                        cameFrom = number < cameFrom.length ? cameFrom : Arrays.copyOf(cameFrom, number * 2);
                        cameFrom[number] = i;
                    }
                    move(i, number);
                }
            }
            wrong.addAll(rows.wrong());
            states.forEach(this::checkThatNothingIsLost);
            checkThatEverythingCanEnd();
        }

        private int number(ModelState state) {
            Integer existing = numbers.putIfAbsent(state, states.size());
            if (existing != null) {
                return existing;
            }
            states.add(state);
            return states.size() - 1;
        }

        private void move(int before, int after) {
            if (moves == from.length) {
                from = Arrays.copyOf(from, moves * 2);
                to = Arrays.copyOf(to, moves * 2);
            }
            from[moves] = before;
            to[moves++] = after;
        }

        /** A message, an index or an actor still leads to every acknowledged job, and to every death that is not handled. */
        private void checkThatNothingIsLost(ModelState state) {
            if (state.row() == ModelRows.NONE) {
                return;
            }
            JobState job = rows.state(state.row());
            boolean mustBeFound = (state.acknowledged() && !job.isTerminal())
                    || (job == JobState.DEAD && !rows.job(state.row()).deathHandled());
            boolean isFound = state.messages() + state.letters() > 0
                    || (!job.isTerminal() && rows.isIndexed(state.row()))
                    || state.actors().anyMatch(Actor::hasSomethingInHand);
            if (mustBeFound && !isFound) {
                wrong.add("no message, index or actor leads to the job: " + pathTo(state));
            }
        }

        /** A path leads from each state to an end that was handled, except at the bound of claims. */
        private void checkThatEverythingCanEnd() {
            boolean[] ends = new boolean[states.size()];
            ArrayDeque<Integer> open = new ArrayDeque<>();
            for (int i = 0; i < ends.length; i++) {
                ModelState state = states.get(i);
                if (state.row() == ModelRows.NONE
                        || !state.acknowledged()
                        || rows.isAtItsEnd(state.row())
                        || rows.isAtTheBound(state.row())
                        || state.carriers() > bounds.carriers()) {
                    ends[i] = true;
                    open.add(i);
                }
            }
            int[] first = new int[states.size() + 1];
            for (int move = 0; move < moves; move++) {
                first[to[move] + 1]++;
            }
            for (int i = 0; i < states.size(); i++) {
                first[i + 1] += first[i];
            }
            int[] earlier = new int[moves];
            int[] filled = first.clone();
            for (int move = 0; move < moves; move++) {
                earlier[filled[to[move]]++] = from[move];
            }
            while (!open.isEmpty()) {
                int end = open.poll();
                for (int i = first[end]; i < first[end + 1]; i++) {
                    if (!ends[earlier[i]]) {
                        ends[earlier[i]] = true;
                        open.add(earlier[i]);
                    }
                }
            }
            for (int i = 0; i < ends.length; i++) {
                if (!ends[i]) {
                    wrong.add("no path leads to an end: " + pathTo(states.get(i)));
                    return;
                }
            }
        }

        /** The shortest path from a new job to a state, a line for each step. */
        private String pathTo(ModelState state) {
            StringBuilder path = new StringBuilder();
            int at = Objects.requireNonNull(numbers.get(state));
            while (true) {
                ModelState step = states.get(at);
                path.insert(
                        0,
                        "\n  " + (step.row() == ModelRows.NONE ? "no row" : rows.text(step.row())) + " " + step.text());
                if (step.api().is(ModelState.Phase.SENDS_FIRST) && cameFrom[at] == 0) {
                    return path.toString();
                }
                at = cameFrom[at];
            }
        }

        private String figures() {
            return "%,d states of %,d rows, %,d moves: %s".formatted(states.size(), rows.size(), moves, bounds);
        }
    }
}
