package dev.longshore.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the invocations that the account's quota allows at a time are divided: a tenth for ApiFunction, a part for the keeper
 * (dispatcher and dead letters), and the rest for the pools. Without it one pool with a backlog would take all of them, and
 * the API would answer 5xx ({@code docs/adr/0016-concurrency.md}).
 *
 * @param maxConcurrency the most invocations that a pool's queue may cause, by pool; none for a pool with provisioned pollers
 * @param deadLetters the same for each dead-letter queue
 * @param apiCap the reserved concurrency of ApiFunction; only behind a Function URL, where nothing else bounds a flood
 * @param warnings what a small account cannot have, as sentences
 */
record ConcurrencyPlan(
        Map<String, Integer> maxConcurrency, int deadLetters, OptionalInt apiCap, List<String> warnings) {
    /** The quota "Concurrent executions" that AWS gives; new accounts may start with 10 ("Lambda quotas"). */
    static final int USUAL_QUOTA = 1_000;

    /** Lambda refuses a reservation that leaves less for all other functions ("Configuring reserved concurrency"). */
    private static final int LEAST_UNRESERVED = 100;

    /** The bounds of an SQS mapping's maximum concurrency ("Configuring scaling behavior for SQS event source mappings"). */
    private static final int LEAST = 2;

    private static final int MOST = 1_000;

    /** A tick that comes late may run beside the next one. */
    private static final int DISPATCHER = 2;

    private static final int MOST_FOR_DEAD_LETTERS = 5;

    /** @throws IllegalArgumentException when the settings need more than the account's quota; it names the numbers */
    static ConcurrencyPlan of(LongshoreProps props, List<PoolSettings> all) {
        int quota = props.accountConcurrency();
        List<PoolSettings> pools = all.stream()
                .filter(pool -> pool.fargate().isEmpty())
                .toList(); // containers take none of Lambda's quota
        int api = props.api().reservedConcurrency().orElse(Math.max(1, quota / 10));
        int deadLetters = Math.clamp(quota / 20 / all.size(), LEAST, MOST_FOR_DEAD_LETTERS);
        int keeper = props.dispatcher().reservedConcurrency().orElse(DISPATCHER) + deadLetters * all.size();
        int stated = pools.stream().mapToInt(ConcurrencyPlan::stated).sum();
        int derivedPools =
                (int) pools.stream().filter(pool -> stated(pool) == 0).count();
        int rest = quota - api - keeper - stated;
        int derived = derivedPools == 0 ? 0 : Math.clamp(rest / derivedPools, LEAST, MOST);

        List<String> warnings = new ArrayList<>();
        int total = api + keeper + stated + derived * derivedPools;
        if (total > quota) {
            String division = division(quota, total, api, keeper, derived, pools);
            if (stated > LEAST * (pools.size() - derivedPools)) {
                throw new IllegalArgumentException(division
                        + "; lower maxConcurrency, reservedConcurrency or provisionedPollers, or raise the quota"
                        + " and state it by accountConcurrency");
            }
            warnings.add(division + ". SQS takes no maxConcurrency under " + LEAST
                    + ", so that a backlog may throttle the API; raise the quota");
        }
        int reserved = reserved(props, pools);
        requireUnreserved(quota, reserved);
        return new ConcurrencyPlan(
                maxConcurrency(pools, derived),
                deadLetters,
                apiCap(props, api, reserved, warnings),
                List.copyOf(warnings));
    }

    private static int reserved(LongshoreProps props, List<PoolSettings> pools) {
        int ofPools = pools.stream()
                .mapToInt(pool -> pool.reservedConcurrency().orElse(0))
                .sum();
        return ofPools
                + props.api().reservedConcurrency().orElse(0)
                + props.dispatcher().reservedConcurrency().orElse(0)
                + props.deadLetters().reservedConcurrency().orElse(0);
    }

    private static OptionalInt apiCap(LongshoreProps props, int api, int reserved, List<String> warnings) {
        if (props.api().reservedConcurrency().isPresent()) {
            return OptionalInt.of(api);
        }
        return props.frontDoor() == FrontDoor.FUNCTION_URL
                ? cap(props.accountConcurrency(), api, reserved, warnings)
                : OptionalInt.empty();
    }

    /** What a pool's settings let it run at a time; 0 where they say nothing. */
    private static int stated(PoolSettings pool) {
        int pollers = pool.maxPollers().orElse(0) * PoolSettings.INVOCATIONS_OF_A_POLLER;
        return pool.reservedConcurrency().orElse(pool.maxConcurrency().orElse(pollers));
    }

    private static void requireUnreserved(int quota, int reserved) {
        if (reserved > 0 && quota - reserved < LEAST_UNRESERVED) {
            throw new IllegalArgumentException("The functions reserve " + reserved + " of the account's " + quota
                    + " concurrent executions, which leaves " + (quota - reserved) + ", and Lambda requires "
                    + LEAST_UNRESERVED + " that are not reserved; lower reservedConcurrency, or raise the quota and"
                    + " state it by accountConcurrency");
        }
    }

    private static OptionalInt cap(int quota, int api, int reserved, List<String> warnings) {
        int reservable = quota - reserved - LEAST_UNRESERVED;
        if (reservable < 1) {
            warnings.add("The Function URL has no cap: of the account's " + quota + " concurrent executions "
                    + (quota - reserved) + " are not reserved, and Lambda requires " + LEAST_UNRESERVED
                    + " of them, so that ApiFunction cannot reserve its " + api
                    + ". A flood of requests may throttle the workers; raise the quota, or take another front door");
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.min(api, reservable));
    }

    private static Map<String, Integer> maxConcurrency(List<PoolSettings> pools, int derived) {
        Map<String, Integer> byPool = new LinkedHashMap<>();
        for (PoolSettings pool : pools) {
            Optional<Integer> most = pool.maxConcurrency();
            if (most.isPresent()) {
                byPool.put(pool.name(), most.get());
            } else if (pool.maxPollers().isEmpty()) {
                byPool.put(pool.name(), derived);
            }
        }
        return byPool;
    }

    private static String division(int quota, int total, int api, int keeper, int derived, List<PoolSettings> pools) {
        StringBuilder text = new StringBuilder("The functions may run " + total
                + " invocations at a time, and the account's quota of concurrent executions is " + quota
                + ": ApiFunction " + api + ", the keeper " + keeper);
        for (PoolSettings pool : pools) {
            int own = stated(pool);
            text.append(", the pool ").append(pool.name()).append(' ').append(own == 0 ? derived : own);
        }
        return text.toString();
    }
}
