package dev.longshore.cli;

/** Answers of the API, as docs/api.md has them. */
final class Answers {
    static final String ID = "01a20daa-53cb-7379-8fde-b2d1272cc745";

    private Answers() {}

    static String job(String state, String more) {
        return "{\"id\":\"" + ID + "\",\"task\":\"rehearse\",\"pool\":\"default\",\"state\":\"" + state
                + "\",\"attempt\":2,\"maxAttempts\":3,\"createdAt\":\"2026-11-24T12:00:00.107Z\",\"history\":["
                + "{\"state\":\"QUEUED\",\"at\":\"2026-11-24T12:00:00.107Z\"},"
                + "{\"state\":\"RUNNING\",\"at\":\"2026-11-24T12:00:01.567Z\",\"attempt\":1},"
                + "{\"state\":\"RETRYING\",\"at\":\"2026-11-24T12:00:01.645Z\",\"attempt\":1,\"error\":\"Failure: the first one does\"}"
                + "]" + more + "}";
    }

    static String problem(int status, String type, String detail) {
        return "{\"type\":\"https://longshore.dev/problems/" + type + "\",\"title\":\"Title of " + type
                + "\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\",\"retryable\":false,\"requestId\":\"4f1c7f1e\"}";
    }
}
