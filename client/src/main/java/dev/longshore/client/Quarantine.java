package dev.longshore.client;

import java.util.stream.Stream;

/** Messages that no function could read. */
public final class Quarantine {
    private final Transport transport;

    Quarantine(Transport transport) {
        this.transport = transport;
    }

    /** All of them by id, without their bytes. */
    public Stream<QuarantinedMessage> list() {
        return Pages.stream(cursor -> {
            Call call = Call.of("GET", "/v1/quarantine").query("limit", 100).query("cursor", cursor);
            Answers.Messages page = transport.send(call, Answers.Messages.class);
            return new Page<>(page.messages(), page.cursor());
        });
    }

    /** One of them, with its bytes. */
    public QuarantinedMessage get(String id) {
        return transport.send(Call.of("GET", Call.path("quarantine", id)), QuarantinedMessage.class);
    }

    /** Deletes it. */
    public void delete(String id) {
        transport.send(Call.of("DELETE", Call.path("quarantine", id)));
    }
}
