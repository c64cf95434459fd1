package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.EarlierSecret;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.key.KeyStore.Revocation;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a {@link KeyStore} has to do. Every test has keys of its own; a store may have those of other tests. */
public abstract class KeyStoreContract {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant ONE = NOON.plusSeconds(3_600);

    private final String id = UUID.randomUUID().toString().replace("-", "");

    /** The store to test; the same one for a whole test. */
    protected abstract KeyStore store();

    /** A store that no other test has used. */
    protected abstract KeyStore emptyStore();

    @Test
    void aKeyComesBackAsItWasCreated() {
        ApiKey whole = new ApiKey(
                id,
                "nightly imports",
                "aa",
                List.of(new EarlierSecret("bb", ONE)),
                EnumSet.of(Scope.ENQUEUE, Scope.READ),
                Set.of("echo", "resize"),
                NOON,
                "admin",
                ONE,
                NOON,
                "cc",
                null);
        ApiKey least = ApiKey.of(id + "b", "least", "aa", Set.of(Scope.READ), NOON);

        assertThat(store().createApiKey(whole)).isTrue();
        assertThat(store().createApiKey(least)).isTrue();

        assertThat(store().apiKey(id)).contains(whole);
        assertThat(store().apiKey(id + "b")).contains(least);
        assertThat(store().apiKeyIds()).contains(id, id + "b");
        assertThat(store().apiKey(id + "c")).isEmpty();
    }

    @Test
    void anIdIsUsedOnceEvenAfterTheKeyIsRevoked() {
        store().createApiKey(reader("aa"));

        assertThat(store().createApiKey(reader("bb"))).isFalse();
        store().revoke(id, NOON);
        assertThat(store().createApiKey(reader("cc"))).isFalse();

        assertThat(store().apiKey(id).orElseThrow().isRevoked()).isTrue();
    }

    @Test
    void aRevokedKeyIsOutOfTheListAndKeepsItsRow() {
        store().createApiKey(reader("aa"));

        assertThat(store().revoke(id, ONE)).isEqualTo(Revocation.REVOKED);

        assertThat(store().apiKey(id)).contains(reader("aa").revoked(ONE));
        assertThat(store().apiKeyIds()).doesNotContain(id);
        assertThat(store().revoke(id, ONE.plusSeconds(1))).isEqualTo(Revocation.MISSING);
        assertThat(store().revoke(id + "b", ONE)).isEqualTo(Revocation.MISSING);
        assertThat(store().apiKey(id).orElseThrow().revokedAt()).isEqualTo(ONE);
    }

    @Test
    void aRotationReplacesTheSecretsOfTheKeyAsItWasRead() {
        ApiKey read = reader("aa");
        store().createApiKey(read);
        store().recordUse(id, NOON);
        ApiKey rotated = read.rotated("bb", NOON, ONE);

        assertThat(store().rotate(read, rotated)).isTrue();

        assertThat(store().apiKey(id)).contains(rotated.usedAt(NOON));
        assertThat(store().rotate(read, read.rotated("cc", NOON, ONE)))
                .as("it was rotated since it was read")
                .isFalse();
        store().revoke(id, NOON);
        assertThat(store().rotate(rotated, rotated.rotated("dd", NOON, ONE)))
                .as("it was revoked since it was read")
                .isFalse();
        assertThat(store().apiKey(id).orElseThrow().secretSha256()).isEqualTo("bb");
    }

    @Test
    void theLatestHourOfUseIsKept() {
        store().createApiKey(reader("aa"));

        store().recordUse(id, ONE);
        store().recordUse(id, ONE);
        store().recordUse(id, NOON);
        store().recordUse(id + "b", NOON);

        assertThat(store().apiKey(id)).contains(reader("aa").usedAt(ONE));
        assertThat(store().apiKey(id + "b")).as("a use makes no key").isEmpty();
    }

    @Test
    void theLastKeyWithAdminThatDoesNotExpireIsNotRevoked() {
        KeyStore keys = emptyStore();
        keys.putApiKey(admin("first"));
        keys.putApiKey(admin("first"));
        keys.createApiKey(expiringAdmin("guest"));

        assertThat(keys.revoke("first", NOON)).isEqualTo(Revocation.LAST_ADMIN);
        assertThat(keys.apiKey("first").orElseThrow().isRevoked()).isFalse();
        assertThat(keys.apiKeyIds()).contains("first");

        keys.createApiKey(admin("second"));
        assertThat(keys.revoke("first", NOON)).isEqualTo(Revocation.REVOKED);
        assertThat(keys.revoke("second", NOON)).isEqualTo(Revocation.LAST_ADMIN);
        assertThat(keys.revoke("guest", NOON)).isEqualTo(Revocation.REVOKED);

        keys.putApiKey(admin("first"));
        assertThat(keys.revoke("second", NOON)).as("the first one is back").isEqualTo(Revocation.REVOKED);
    }

    @Test
    void ofTwoKeysWithAdminThatAreRevokedAtOnceOneStays() throws Exception {
        for (int i = 0; i < 5; i++) {
            KeyStore keys = emptyStore();
            keys.putApiKey(admin("first"));
            keys.putApiKey(admin("second"));
            CountDownLatch both = new CountDownLatch(2);
            List<Revocation> ends;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Revocation>> revocations = List.of("first", "second").stream()
                        .map(key -> threads.submit(() -> {
                            both.countDown();
                            both.await();
                            return keys.revoke(key, NOON);
                        }))
                        .toList();
                ends = List.of(revocations.get(0).get(), revocations.get(1).get());
            }

            assertThat(ends).containsExactlyInAnyOrder(Revocation.REVOKED, Revocation.LAST_ADMIN);
            assertThat(keys.apiKeyIds()).hasSize(1);
        }
    }

    @Test
    void aSharedSecretIsDrawnOnce() {
        assertThat(store().secret("s" + id)).hasSize(32).isEqualTo(store().secret("s" + id));
        assertThat(store().secret("t" + id)).isNotEqualTo(store().secret("s" + id));
    }

    private ApiKey reader(String secretSha256) {
        return ApiKey.of(id, "reader", secretSha256, Set.of(Scope.READ), NOON);
    }

    private static ApiKey admin(String id) {
        return ApiKey.of(id, id, "aa", EnumSet.allOf(Scope.class), NOON);
    }

    private static ApiKey expiringAdmin(String id) {
        return new ApiKey(id, id, "aa", List.of(), Set.of(Scope.ADMIN), Set.of(), NOON, "first", ONE, null, null, null);
    }
}
