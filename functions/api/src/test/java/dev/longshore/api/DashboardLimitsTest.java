package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the dashboard shows of limits and of jobs that wait for a slot, run by Node with a page of plain objects. */
class DashboardLimitsTest {
    /** Signs in, opens the first job, and answers the texts of the page and the calls that it made. */
    private static final String PAGE = """
            const made = new Map();
            class Piece {
              children = [];
              options = [];
              value = '';
              hidden = true;
              textContent = '';
              classList = {add() {}};
              append(...more) { this.children.push(...more); }
              replaceChildren(...all) { this.children = all; }
              addEventListener(name, action) { this[name] = action; }
              scrollIntoView() {}
              focus() {}
              get childElementCount() { return this.children.length; }
            }
            const element = id => made.get(id) ?? made.set(id, new Piece()).get(id);
            const text = piece => typeof piece === 'string' ? piece : piece.textContent + piece.children.map(text).join('');
            globalThis.document = {getElementById: element, createElement: () => new Piece(), querySelector: element};
            globalThis.Option = Piece;
            globalThis.location = {pathname: '/'};
            globalThis.sessionStorage = {getItem: () => 'ls_a_b'};
            globalThis.setInterval = () => {};
            let input = '';
            for await (const part of process.stdin) input += part;
            const answers = JSON.parse(input);
            const calls = [];
            globalThis.fetch = async path => {
              calls.push(path);
              return {ok: true, text: async () => JSON.stringify(answers[path.replace(/[?].*/, '')] ?? {})};
            };
            await import(process.argv[1]);
            const until = async done => { while (!done()) await new Promise(resolve => setTimeout(resolve, 5)); };
            await until(() => !element('main').hidden);
            const jobs = element('jobs').children;
            const states = jobs.map(row => text(row.children[0]));
            jobs[0].children[2].children[0].click();
            await until(() => !element('job-section').hidden);
            console.log(JSON.stringify({
              limits: element('limits').children.map(row => row.children.map(text)),
              hidden: element('limits-section').hidden,
              states,
              about: element('job-about').textContent,
              problems: text(element('problems')),
              calls,
            }));
            """;

    private static final String JOB =
            "{\"id\":\"01a2\",\"task\":\"sync\",\"state\":\"QUEUED\",\"attempt\":0,\"maxAttempts\":3,\"history\":[],"
                    + "\"createdAt\":\"2026-03-10T12:00:00.000Z\"%s}";
    private static final String HELD = JOB.formatted(
            ",\"limitKey\":\"acme\",\"waitReason\":\"limit\",\"held\":\"limit crm-api, key acme, 12 before it\"");

    @Test
    void limitsShowTheirSlotsWaitingJobsAndAnOperatorsNumber() throws Exception {
        Map<?, ?> page = page("\"limits\":[\"crm-api\"],", HELD, """
                {"limits":[
                 {"name":"crm-api","concurrent":3,"perKey":true,"tasks":["sync"],"code":5,"setBy":"ops","used":6,"waiting":12,
                  "oldestWaiting":"2026-03-10T12:00:00.000Z"},
                 {"name":"report","concurrent":5,"perKey":false,"tasks":["report"],"used":2,"waiting":0}]}""");

        assertThat(page.get("hidden")).isEqualTo(false);
        assertThat(page.get("limits").toString())
                .startsWith("[[crm-api (set by ops, code 5), 6, 3 per key, 12, ")
                .contains("10")
                .endsWith(", [report, 2 of 5, 0, ]]");
        assertThat(page.get("problems")).isEqualTo("");
    }

    @Test
    void aHeldJobSaysWhatHoldsItInTheListAndInItsDetails() throws Exception {
        Map<?, ?> page = page("\"limits\":[\"crm-api\"],", HELD, "{\"limits\":[]}");

        assertThat(page.get("states")).isEqualTo(List.of("QUEUEDlimit crm-api, key acme, 12 before it"));
        assertThat(page.get("about").toString())
                .contains("held by limit crm-api, key acme, 12 before it · limit key acme");
    }

    @Test
    void withoutLimitsThereIsNeitherASectionNorACall() throws Exception {
        Map<?, ?> page = page("", JOB.formatted(""), "{\"limits\":[]}");

        assertThat(page.get("hidden")).isEqualTo(true);
        assertThat(page.get("calls").toString()).contains("/v1/queues").doesNotContain("/v1/limits");
        assertThat(page.get("about").toString()).doesNotContain("held", "limit");
    }

    private static Map<?, ?> page(String limitsOfTask, String job, String limits)
            throws IOException, InterruptedException {
        String tasks = "{\"tasks\":[{\"name\":\"sync\"," + limitsOfTask
                + "\"pool\":\"default\",\"timeoutSeconds\":30,\"maxAttempts\":3}]}";
        String answers = "{\"/v1/tasks\":" + tasks + ",\"/v1/limits\":" + limits + ",\"/v1/jobs\":{\"jobs\":[" + job
                + "]},\"/v1/jobs/01a2\":" + job + ",\"/v1/queues\":{\"queues\":[]},"
                + "\"/v1/dead-letters\":{\"groups\":[],\"otherGroups\":0,\"complete\":true}}";
        return Json.parse(DashboardScript.run(PAGE, Json.parse(answers).utf8())).as(Map.class);
    }
}
