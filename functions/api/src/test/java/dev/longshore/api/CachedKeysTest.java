package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Sha256;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.key.KeyStore;
import dev.longshore.memory.InMemoryKeyStore;
import dev.longshore.memory.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What keys cost in reads, writes and memory, in one environment of the function and in several. */
class CachedKeysTest {
    private static final String KEY = "ls_mine_secret";

    private final SettableClock clock = SettableClock.atNoon();
    private final CountingStore store = new CountingStore();

    /** An environment of the function. */
    private final class Environment {
        final CachedKeys cache = new CachedKeys(store, clock);
        final Authenticator authenticator = new Authenticator(store, cache, clock);

        void use(String key) {
            authenticator.require(
                    Scope.READ,
                    new HttpRequest(
                            "GET", "/", Map::of, Map.of("authorization", "Bearer " + key), new byte[0], 0, "r-1"));
        }

        void guess(String id) {
            assertThatThrownBy(() -> use("ls_" + id + "_x")).isInstanceOf(Problem.class);
        }
    }

    CachedKeysTest() {
        store.putApiKey(ApiKey.of("mine", "mine", Sha256.hex("secret"), Set.of(Scope.READ), clock.instant()));
    }

    // ---- last use

    @Test
    void theHourOfTheLastUseIsWrittenOnceInAnHourWhateverTheNumberOfRequestsAndEnvironments() {
        List<Environment> environments = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            environments.add(new Environment());
        }
        for (int second = 0; second < 3 * 3_600; second++) {
            environments.get(second % 7).use(KEY); // 7: their minutes do not begin with the hour
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(store.uses)
                .containsExactly("mine 2026-03-10T12:00:00Z", "mine 2026-03-10T13:00:00Z", "mine 2026-03-10T14:00:00Z");
        assertThat(store.apiKey("mine").orElseThrow().lastUsedAt()).isEqualTo(Instant.parse("2026-03-10T14:00:00Z"));
    }

    @Test
    void aUseThatCannotBeRecordedFailsNoRequestAndIsTriedAgainAfterAMinute() {
        store.failsToRecord = true;
        Environment environment = new Environment();

        environment.use(KEY);
        environment.use(KEY);

        assertThat(store.uses).hasSize(1);
        store.failsToRecord = false;
        clock.advance(CachedKeys.LIFETIME);
        environment.use(KEY);
        assertThat(store.uses).hasSize(2);
    }

    @Test
    void recordingAUseDoesNotProlongHowLongAKeyIsCached() {
        Environment environment = new Environment();
        environment.guess("mine"); // read, and not used
        clock.advance(Duration.ofSeconds(59));
        environment.use(KEY);
        store.revoke("mine", clock.instant());

        clock.advance(Duration.ofSeconds(1));

        environment.guess("mine");
        assertThatThrownBy(() -> environment.use(KEY)).isInstanceOf(Problem.class);
    }

    // ---- the first key

    @Test
    void aKeyThatIsSetOutsideOpensAtItsFirstRequestAndIsReadOnlyAfterARefusal() {
        store.outside = ApiKey.of("admin", "first key", Sha256.hex("s3cr3t"), Set.of(Scope.READ), clock.instant());
        Environment environment = new Environment();

        for (int second = 0; second < 3_600; second++) {
            environment.use("ls_admin_s3cr3t");
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(store.asked).containsExactly("admin");

        environment.guess("admin");
        assertThat(store.asked).containsExactly("admin", "admin");
    }

    @Test
    void aRevokedKeyThatIsSetOutsideOpensNothing() {
        ApiKey first = ApiKey.of("admin", "first key", Sha256.hex("s3cr3t"), Set.of(Scope.READ), clock.instant());
        store.outside = first.revoked(clock.instant());

        assertThatThrownBy(() -> new Environment().use("ls_admin_s3cr3t")).isInstanceOf(Problem.class);
    }

    // ---- guesses

    @Test
    void aFloodOfGuessesFillsNoMemoryAndPushesNoKeyOut() {
        Environment environment = new Environment();
        environment.use(KEY);
        int reads = store.reads;
        for (int guess = 0; guess < 100_000; guess++) {
            environment.guess("g" + guess);
            if (guess % 1_000 == 0) {
                clock.advance(Duration.ofMillis(500));
            }
        }

        assertThat(environment.cache.size()).isLessThanOrEqualTo(CachedKeys.MOST_CACHED + 1);
        int windows = 6; // 50 s of 10 s each, and the first
        assertThat(store.reads - reads).isLessThanOrEqualTo(windows * CachedKeys.MOST_MISSES);
        assertThat(store.lists).isBetween(1, windows);
        int before = store.reads;
        environment.use(KEY);
        assertThat(store.reads).as("still cached").isEqualTo(before);
    }

    @Test
    void aFloodOfHoursFillsNoMemory() {
        Environment environment = new Environment();
        environment.use(KEY);
        for (int guess = 0; guess < 3 * CachedKeys.MOST_CACHED; guess++) {
            environment.guess("g" + guess);
            clock.advance(Duration.ofMillis(200)); // fewer than are refused a read
        }

        assertThat(environment.cache.size()).isEqualTo(CachedKeys.MOST_CACHED + 1);
    }

    @Test
    void aKeyThatThisEnvironmentHasNotSeenYetOpensInTheMiddleOfAFlood() {
        Environment environment = new Environment();
        for (int guess = 0; guess < 10_000; guess++) {
            environment.guess("g" + guess);
        }

        environment.use(KEY);
    }

    @Test
    void anIdThatIsNoKeyIsReadOnceAMinute() {
        Environment environment = new Environment();
        for (int second = 0; second < 120; second++) {
            environment.guess("guessed");
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(store.reads).isEqualTo(2);
    }

    private static final class CountingStore implements KeyStore {
        private final KeyStore store = new InMemoryKeyStore(new Random(1));
        final List<String> uses = new ArrayList<>();
        int reads;
        int lists;
        final List<String> asked = new ArrayList<>();
        boolean failsToRecord;

        @Nullable
        ApiKey outside;

        /** As the store of a deployment: what is set outside is in the table from then on. */
        @Override
        public Optional<ApiKey> setOutside(String id) {
            asked.add(id);
            if (outside == null || !outside.id().equals(id)) {
                return Optional.empty();
            }
            store.putApiKey(outside);
            return Optional.of(outside);
        }

        @Override
        public Optional<ApiKey> apiKey(String id) {
            reads++;
            return store.apiKey(id);
        }

        @Override
        public SortedSet<String> apiKeyIds() {
            lists++;
            return store.apiKeyIds();
        }

        @Override
        public void recordUse(String id, Instant hour) {
            uses.add(id + " " + hour);
            if (failsToRecord) {
                throw new StoreUnavailableException("as the test wants it", new IllegalStateException());
            }
            store.recordUse(id, hour);
        }

        @Override
        public void putApiKey(ApiKey key) {
            store.putApiKey(key);
        }

        @Override
        public boolean createApiKey(ApiKey key) {
            return store.createApiKey(key);
        }

        @Override
        public boolean rotate(ApiKey before, ApiKey after) {
            return store.rotate(before, after);
        }

        @Override
        public Revocation revoke(String id, Instant at) {
            return store.revoke(id, at);
        }

        @Override
        public byte[] secret(String name) {
            return store.secret(name);
        }
    }
}
