package dev.longshore.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The effects of a handler that writes files, as {@code crashEverywhere} compares them. */
final class ResultFiles {
    private ResultFiles() {}

    /** Removes all files below a folder, and returns the size of each, in bytes, by its path. */
    static Map<String, Long> takeFrom(Path folder) {
        if (Files.notExists(folder)) {
            return Map.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            Map<String, Long> taken = new TreeMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                taken.put(folder.relativize(file).toString(), Files.size(file));
                Files.delete(file);
            }
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
