package dev.longshore.local;

/** What the runtime says when it is up: a first job, ready to paste. */
final class Welcome {
    private Welcome() {}

    static String text(LocalRuntime runtime) {
        return """

                Longshore is up: %1$s   (dashboard: the same address in a browser)
                Files:  %3$s
                Key:    %2$s

                A first job, ready to paste; it fails twice and then succeeds:

                  curl -s %1$s/v1/jobs -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' \\
                    -d '{"task": "rehearse", "payload": {"failAttempts": 2, "value": "hello"}}'

                and its result:

                  curl -s %1$s/v1/jobs/<id> -H 'Authorization: Bearer %2$s'

                Ctrl-C stops it; jobs that wait are there again at the next start.
                """.formatted(runtime.url(), runtime.key(), runtime.files());
    }
}
