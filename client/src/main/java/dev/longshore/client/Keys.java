package dev.longshore.client;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** API keys. A call that makes a secret is not repeated when its answer is lost: no other answer has the secret. */
public final class Keys {
    private final Transport transport;

    Keys(Transport transport) {
        this.transport = transport;
    }

    /** Creates a key. No later answer has its secret. */
    public CreatedKey create(KeyRequest request) {
        return transport.send(
                Call.of("POST", "/v1/keys").body(request, "The key").once(), CreatedKey.class);
    }

    /** All keys by id, without secrets; expired ones included, revoked ones not. */
    public Stream<ApiKey> list() {
        return Pages.stream(cursor -> {
            Call call = Call.of("GET", "/v1/keys").query("limit", 100).query("cursor", cursor);
            Answers.Keys page = transport.send(call, Answers.Keys.class);
            return new Page<>(page.keys(), page.cursor());
        });
    }

    /** One of them. */
    public ApiKey get(String id) {
        return transport.send(Call.of("GET", Call.path("keys", id)), ApiKey.class);
    }

    /**
     * Makes another secret for the same key. When the answer is lost, rotate again.
     *
     * @param overlap how long the secret before works on; 0 to 7 days
     */
    public CreatedKey rotate(String id, Duration overlap) {
        Call call = Call.of("POST", Call.path("keys", id, "rotate"))
                .body(Map.of("overlapSeconds", overlap.toSeconds()), "The rotation")
                .once();
        return transport.send(call, CreatedKey.class);
    }

    /** Revokes another key than the client's own. */
    public void revoke(String id) {
        transport.send(Call.of("DELETE", Call.path("keys", id)));
    }

    /** Revokes a key, also the client's own. */
    public void revokeEvenOwn(String id) {
        transport.send(Call.of("DELETE", Call.path("keys", id)).query("self", true));
    }
}
