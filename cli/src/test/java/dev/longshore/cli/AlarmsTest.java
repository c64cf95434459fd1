package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms of CloudWatch, with a script in place of the program aws. */
class AlarmsTest {
    private static final URI API = URI.create("https://abc123.execute-api.eu-central-1.amazonaws.com");

    @TempDir
    Path home;

    private CommandRun run;

    @BeforeEach
    void start() {
        run = new CommandRun(home).with("PATH", home + ":/usr/bin:/bin").with("LONGSHORE_KEY", CommandRun.KEY);
    }

    /** @param script what it prints, and how it ends */
    private void aws(String script) throws IOException {
        Path aws = home.resolve("aws");
        Files.writeString(
                aws,
                "#!/bin/sh\necho \"$@\" >'" + home + "/arguments'\necho \"${LONGSHORE_KEY:-none}\" >'" + home
                        + "/key'\n" + script + "\n");
        Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
    }

    private List<Alarms.Ringing> ringing(URI api) throws Exception {
        return new Alarms(run.shell()).ringing(api);
    }

    @Test
    void alarmsOfLongshoreThatRingAreListedAndNoOthers() throws Exception {
        aws("""
                cat <<'E'
                {"MetricAlarms": [
                  {"AlarmName": "Shop-JobsMissingTick", "AlarmDescription": "Longshore: no tick for five minutes", "AlarmActions": ["arn:aws:sns:eu-central-1:1:pager"]},
                  {"AlarmName": "Shop-Scale", "AlarmDescription": "Longshore: starts containers", "AlarmActions": ["arn:aws:autoscaling:eu-central-1:1:scalingPolicy:x"]},
                  {"AlarmName": "Disk", "AlarmDescription": "of another team", "AlarmActions": []},
                  {"AlarmName": "Nameless", "AlarmActions": []}], "CompositeAlarms": []}
                E
                """);

        assertThat(ringing(API))
                .containsExactly(new Alarms.Ringing("Shop-JobsMissingTick", "no tick for five minutes"));

        assertThat(Files.readString(home.resolve("arguments")))
                .isEqualTo("cloudwatch describe-alarms --state-value ALARM --alarm-types MetricAlarm --output json"
                        + " --region eu-central-1\n");
        assertThat(Files.readString(home.resolve("key"))).isEqualTo("none\n");
    }

    @Test
    void regionIsThatOfAwsWhereTheUrlHasNone() throws Exception {
        aws("echo '{\"MetricAlarms\": []}'");

        assertThat(ringing(URI.create("https://jobs.example.com"))).isEmpty();

        assertThat(Files.readString(home.resolve("arguments"))).doesNotContain("--region");
    }

    @Test
    void withoutTheProgramOrCredentialsTheyAreSkipped() throws IOException {
        run = run.with("PATH", home.toString());
        assertThatThrownBy(() -> ringing(API))
                .isInstanceOf(Alarms.SkippedException.class)
                .hasMessage("the program aws is not on the PATH");

        aws("echo 'Unable to locate credentials' >&2; exit 253");

        assertThatThrownBy(() -> ringing(API))
                .isInstanceOf(Alarms.SkippedException.class)
                .hasMessage("aws ends with 253: Unable to locate credentials");
    }
}
