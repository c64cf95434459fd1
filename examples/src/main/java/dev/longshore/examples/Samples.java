package dev.longshore.examples;

import dev.longshore.task.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** The files that the tasks' examples work on. All were made by {@code SampleFiles}, in this module's test sources. */
public final class Samples {
    /** A harbour at dusk: JPEG, 600 x 400. */
    public static final String PICTURE = "samples/harbour.jpg";

    /** A crane that lifts a container: MP4 (H.264), 320 x 240, 3 s of 25 frames a second. */
    public static final String VIDEO = "samples/crane.mp4";

    /** What a port sold in half a year: CSV, 120 rows. */
    public static final String SALES = "samples/sales.csv";

    /** All of them. */
    public static final List<String> ALL = List.of(PICTURE, VIDEO, SALES);

    private Samples() {}

    /** Puts those of them into the store that it does not have yet. */
    public static void copyInto(FileStore files) throws IOException {
        for (String name : ALL) {
            if (!has(files, name)) {
                files.write(name, content(name));
            }
        }
    }

    /** One of them, from this module's own jar. */
    public static byte[] content(String name) throws IOException {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new NoSuchFileException(name, null, "the jar of longshore-examples lacks it; there are " + ALL);
            }
            return in.readAllBytes();
        }
    }

    private static boolean has(FileStore files, String name) throws IOException {
        try {
            files.read(name).close();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
