package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.suites.e2e.Api;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard as an operator sees it, in a real browser on a real runtime. Skipped where there is no Chromium. */
class DashboardInBrowserTest {
    private static final String NO_BROWSER =
            "No Chromium: the dashboard is not looked at. Install it and run this test again";
    private static final String LONG_NAME = "a-task-whose-name-has-all-of-the-64-characters-that-a-name-can-h";

    /** Numbers that a browser's JSON.parse rounds, or loses. */
    private static final String NUMBERS =
            "{\"id\":9007199254740993,\"huge\":1e400,\"price\":1.10,\"tiny\":1E-7,\"name\":\"1e400\"}";

    @TempDir
    static Path folder;

    private static LocalRuntime runtime;
    private static Browser browser;
    private static Api api;

    private static final class OfficeWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("echo", Json.class, (payload, job) -> payload).example(Json.parse(NUMBERS));
            tasks.add("die", Json.class, (payload, job) -> {
                        throw job.discard("requested by its payload");
                    })
                    .pool("mortuary");
            tasks.add("fail", Json.class, (payload, job) -> {
                        throw new IllegalStateException("not yet");
                    })
                    .retry(RetryPolicy.fixed(Duration.ofHours(5)));
            tasks.add("rest", Json.class, (payload, job) -> payload);
            tasks.add(LONG_NAME, Json.class, (payload, job) -> payload);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> chromium = Browser.installed();
        if (chromium.isEmpty()) {
            System.out.println(NO_BROWSER); // Maven does not print why a test was skipped
        }
        assumeTrue(chromium.isPresent(), NO_BROWSER);
        runtime =
                LocalRuntime.start(new LocalSettings(0, folder.resolve("data"), Optional.empty()), new OfficeWorker());
        api = new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
        browser = Browser.start(chromium.get(), Files.createDirectories(folder.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (runtime != null) {
            runtime.close();
        }
    }

    @BeforeEach
    void enter() {
        browser.size(1_280, 800);
        browser.open(runtime.url());
        browser.await("document.readyState === 'complete' && document.querySelector('#key')");
        browser.evaluate("document.getElementById('key').value = " + Browser.quoted(runtime.key()));
        browser.evaluate("document.querySelector('#key-form button').click()");
        browser.await("!document.querySelector('main').hidden");
    }

    /** With the key that a tab keeps, the next page would sign in by itself too, and again fill in the form that its test fills in. */
    @AfterEach
    void leave() {
        browser.evaluate("sessionStorage.clear()");
    }

    @Test
    void detailsOfAJobAreInViewWhereverItsRowIs() {
        for (int i = 0; i < 30; i++) {
            api.enqueue(Map.of("task", "echo", "payload", i));
        }
        browser.await("document.querySelectorAll('#jobs tr').length === 25");
        browser.evaluate("scrollTo(0, document.body.scrollHeight)");

        browser.evaluate("document.querySelector('#jobs tr:last-child button').click()");

        browser.await("!document.getElementById('job-section').hidden");
        browser.await("document.getElementById('job-title').getBoundingClientRect().top >= 0"
                + " && document.getElementById('job-payload').getBoundingClientRect().top < innerHeight");
        browser.evaluate("document.getElementById('close').click()");
        assertThat(browser.evaluate("document.getElementById('job-section').hidden"))
                .isEqualTo("true");
    }

    @Test
    void errorStaysThroughRefreshesUntilItIsDismissedOrTheSameSucceeds() {
        enqueue("echo", "{");
        browser.await("document.getElementById('problems').textContent.includes('New job: ')");
        awaitRefresh();
        awaitRefresh();
        assertThat(problems()).startsWith("New job: ");

        browser.evaluate("document.querySelector('#problems button').click()");
        assertThat(problems()).isEmpty();

        enqueue("echo", "{");
        browser.await("document.getElementById('problems').textContent.includes('New job: ')");
        enqueue("echo", "{}");
        browser.await("document.getElementById('problems').textContent === ''");
    }

    @Test
    void deadCountsDeadJobsAndNotTheirMessages() {
        String before = browser.evaluate(deadOf("mortuary"));
        for (int i = 0; i < 3; i++) {
            api.await(api.enqueue(Map.of("task", "die", "payload", i)), "DEAD");
        }
        api.awaitAnswer(
                "/v1/queues",
                "an empty dead-letter queue",
                answer -> answer.get("queues")
                        .valueStream()
                        .allMatch(queue -> queue.get("deadLetters").asInt() == 0));

        browser.await(deadOf("mortuary") + " === '" + (Integer.parseInt(before) + 3) + "'");
        assertThat(browser.evaluate(deadOf("default"))).isEqualTo("0");
    }

    @Test
    void nothingIsCutAtEitherWidth() {
        api.await(api.enqueue(Map.of("task", LONG_NAME, "payload", "x".repeat(2_000))), "SUCCEEDED");
        api.enqueue(Map.of("task", LONG_NAME, "payload", 1, "delaySeconds", 7_200));
        browser.await("document.getElementById('jobs').textContent.includes('" + LONG_NAME + "')");
        browser.evaluate("document.querySelector('#jobs tr:nth-child(2) button').click()");
        browser.await("!document.getElementById('job-section').hidden");

        for (int width : new int[] {1_280, 800}) {
            browser.size(width, 900);
            assertThat(browser.evaluate("[...document.querySelectorAll('section')].filter(one => one.scrollWidth >"
                            + " one.clientWidth).map(one => one.id || one.ariaLabel)"))
                    .as("sections that are cut at " + width + " px")
                    .isEmpty();
            assertThat(browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as("what the page has to be scrolled sideways at " + width + " px")
                    .isEqualTo("0");
        }
    }

    @Test
    void waitingJobShowsWhenItStarts() {
        String scheduled = api.enqueue(Map.of("task", "echo", "payload", 1, "delaySeconds", 86_400));
        String retrying = api.enqueue(Map.of("task", "fail", "payload", 1));
        api.await(retrying, "RETRYING");

        browser.await(stateOf(scheduled) + "?.includes(" + shown(scheduled, "runAt") + ")");
        browser.await(stateOf(retrying) + "?.includes(" + shown(retrying, "nextAttemptAt") + ")");
    }

    @Test
    void waitingJobRunsNowAndOneThatHasEndedRunsAgainAsANewJob() {
        String id = api.enqueue(Map.of("task", "echo", "payload", 7, "delaySeconds", 3_600));
        browser.await(stateOf(id) + "?.includes('SCHEDULED')");
        browser.evaluate(
                "[...document.querySelectorAll('#jobs button')].find(one => one.textContent === '" + id + "').click()");
        browser.await(enabled("run-now") + " && " + disabled("rerun"));

        browser.evaluate("document.getElementById('run-now').click()");

        api.await(id, "SUCCEEDED");
        browser.await(enabled("rerun") + " && " + disabled("run-now"));
        browser.evaluate("document.getElementById('rerun').click()");
        browser.await("document.getElementById('job-about').textContent.includes('rerun of " + id + "')");
        assertThat(browser.evaluate("document.getElementById('job-payload').textContent"))
                .isEqualTo("7");
    }

    @Test
    void pausedTaskIsMarkedInTheListInTheFormAndAtItsJobs() {
        String id = api.enqueue(Map.of("task", "rest", "payload", 1, "delaySeconds", 3_600));
        api.post("/v1/tasks/rest/pause", Map.of());

        browser.await("[...document.getElementById('task').options].some(one => one.textContent === 'rest (paused)')");
        browser.await(stateOf(id) + "?.includes('paused')");
        browser.evaluate("document.getElementById('task').value = 'rest'");
        browser.evaluate("document.getElementById('task').dispatchEvent(new Event('change'))");
        assertThat(browser.evaluate("document.getElementById('task-about').textContent"))
                .contains("paused by ");
        api.post("/v1/tasks/rest/resume", Map.of());
        api.post("/v1/queues/mortuary/pause", Map.of());
        browser.await(
                "[...document.querySelectorAll('#queues td')].some(one => one.textContent === 'mortuary paused')");
        api.post("/v1/queues/mortuary/resume", Map.of());
    }

    @Test
    void numbersAreShownAndSentAsTheyWereWritten() {
        browser.evaluate("document.getElementById('task').value = 'echo'");
        browser.evaluate("document.getElementById('task').dispatchEvent(new Event('change'))");
        String example = browser.evaluate("document.getElementById('payload').value");
        assertThat(compact(example)).isEqualTo(NUMBERS);

        browser.evaluate("document.querySelector('#enqueue-form button').click()");
        browser.await("document.getElementById('job-title').textContent.includes('SUCCEEDED')");

        assertThat(compact(browser.evaluate("document.getElementById('job-payload').textContent")))
                .isEqualTo(NUMBERS);
        assertThat(compact(browser.evaluate("document.getElementById('job-result').textContent")))
                .isEqualTo(NUMBERS);
        String id = browser.evaluate("document.getElementById('job-title').textContent.split(' ').at(-1)");
        assertThat(api.get("/v1/jobs/" + id + "/payload").raw().body()).isEqualTo(NUMBERS);
    }

    private static String compact(String json) {
        return json.replaceAll("\\n *", "").replace("\": ", "\":");
    }

    private static void enqueue(String task, String payload) {
        browser.evaluate("document.getElementById('task').value = " + Browser.quoted(task));
        browser.evaluate("document.getElementById('payload').value = " + Browser.quoted(payload));
        browser.evaluate("document.querySelector('#enqueue-form button').click()");
    }

    /** The page reads the queues at each refresh. */
    private static void awaitRefresh() {
        String reads = "performance.getEntriesByType('resource').filter(one => one.name.endsWith('/v1/queues')).length";
        browser.await(reads + " > " + browser.evaluate(reads));
    }

    private static String problems() {
        return browser.evaluate("document.getElementById('problems').textContent");
    }

    private static String deadOf(String pool) {
        return "[...document.querySelectorAll('#queues tr')].find(one => one.cells[0].textContent.startsWith('" + pool
                + "')).cells[4].textContent";
    }

    private static String stateOf(String id) {
        return "[...document.querySelectorAll('#jobs tr')].find(one => one.cells[2].textContent === '" + id
                + "')?.cells[0].textContent";
    }

    private static String enabled(String button) {
        return "!document.getElementById('" + button + "').disabled";
    }

    private static String disabled(String button) {
        return "document.getElementById('" + button + "').disabled";
    }

    /** The time of a job's field, as the browser's language writes it. */
    private static String shown(String id, String field) {
        return "new Date(" + Browser.quoted(api.job(id).get(field).asString())
                + ").toLocaleString(undefined, {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',"
                + " second: '2-digit', hourCycle: 'h23'})";
    }
}
