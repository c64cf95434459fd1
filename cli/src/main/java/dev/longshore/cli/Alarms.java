package dev.longshore.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Longshore's alarms in CloudWatch, read by the program {@code aws} where it is installed and finds credentials. */
final class Alarms {
    /** Of one run of {@code aws}: it starts within a second or two, and makes one call for each page. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the construct puts before the description of each of its alarms. */
    private static final String OURS = "Longshore: ";

    /** Of an alarm that scales a pool of containers; it rings whenever there is work. */
    private static final String SCALING = ":autoscaling:";

    private static final Pattern REGION =
            Pattern.compile("\\.([a-z]{2}(?:-[a-z]+)+-\\d)\\.(?:amazonaws\\.com|on\\.aws)");

    private final Shell shell;

    Alarms(Shell shell) {
        this.shell = shell;
    }

    /**
     * An alarm that rings.
     *
     * @param description what it means
     */
    record Ringing(String name, String description) {}

    /** Why the alarms cannot be read. Its message is the end of a sentence. */
    static final class SkippedException extends Exception {
        private static final long serialVersionUID = 1;

        SkippedException(String why) {
            super(why);
        }
    }

    /** Those in ALARM, of all deployments in the account and the region; the region is the URL's where that has one. */
    List<Ringing> ringing(URI api) throws SkippedException, IOException, InterruptedException {
        Optional<Path> aws = shell.onPath("aws");
        if (aws.isEmpty()) {
            throw new SkippedException("the program aws is not on the PATH");
        }
        List<String> command = new ArrayList<>(
                List.of(aws.get().toString(), "cloudwatch", "describe-alarms", "--state-value", "ALARM"));
        command.addAll(List.of("--alarm-types", "MetricAlarm", "--output", "json"));
        Matcher region = REGION.matcher(String.valueOf(api.getHost()));
        if (region.find()) {
            command.addAll(List.of("--region", region.group(1)));
        }
        return read(run(command));
    }

    private static List<Ringing> read(String json) {
        JsonNode alarms = Json.read(json, "The answer of aws").path("MetricAlarms");
        return StreamSupport.stream(alarms.spliterator(), false)
                .filter(alarm -> alarm.path("AlarmDescription").asString("").startsWith(OURS))
                .filter(alarm -> !alarm.path("AlarmActions").toString().contains(SCALING))
                .map(alarm -> new Ringing(
                        alarm.path("AlarmName").asString(""),
                        alarm.path("AlarmDescription").asString("").substring(OURS.length())))
                .toList();
    }

    /** What it prints. */
    private String run(List<String> command) throws SkippedException, IOException, InterruptedException {
        Path printed = Files.createTempFile("longshore-aws", ".json");
        Path errors = Files.createTempFile("longshore-aws", ".txt");
        try {
            Process aws = shell.program(command)
                    .redirectOutput(printed.toFile())
                    .redirectError(errors.toFile())
                    .start();
            aws.getOutputStream().close();
            if (!aws.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                aws.destroyForcibly();
                throw new SkippedException("aws has not answered within " + PATIENCE.toSeconds() + " s");
            }
            if (aws.exitValue() != 0) {
                String why = Files.readString(errors).strip();
                throw new SkippedException("aws ends with " + aws.exitValue() + (why.isEmpty() ? "" : ": " + why));
            }
            return Files.readString(printed);
        } finally {
            Files.delete(printed);
            Files.delete(errors);
        }
    }
}
