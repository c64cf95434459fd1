package dev.longshore.local;

import dev.longshore.job.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folders of a class path: what the team compiles, while its jars are what others have compiled. Looked at by polling, since
 * {@code WatchService} itself polls on macOS, every two seconds or more.
 */
final class ClassFolders {
    private final List<Path> classPath;

    ClassFolders(String classPath) {
        this.classPath = Stream.of(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .toList();
    }

    private record Stamp(long size, Instant modified) {}

    /** The files as they were at a moment. */
    record State(SortedMap<Path, Stamp> files) {
        /** When the last file was written; {@link Instant#EPOCH} without files. */
        Instant written() {
            return files.values().stream()
                    .map(Stamp::modified)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        }

        /** Whether a file of the other state is missing here, as in the middle of a build that deletes before it compiles. */
        boolean lacksAFileOf(State other) {
            return !files.keySet().containsAll(other.files.keySet());
        }
    }

    State scan() {
        SortedMap<Path, Stamp> files = new TreeMap<>();
        for (Path entry : classPath) {
            if (Files.isDirectory(entry)) {
                walk(
                        entry,
                        (file, attributes) -> files.put(
                                file,
                                new Stamp(
                                        attributes.size(),
                                        attributes.lastModifiedTime().toInstant())));
            }
        }
        return new State(files);
    }

    /**
     * Copies the folders, so that no build changes what a process runs.
     *
     * @param target a folder that is not there yet
     * @return the class path with the copies in the places of the folders
     */
    String copyTo(Path target) {
        List<String> copied = new ArrayList<>();
        for (int i = 0; i < classPath.size(); i++) {
            Path entry = classPath.get(i);
            if (Files.isDirectory(entry)) {
                Path copy = target.resolve(Integer.toString(i));
                walk(entry, (file, _) -> {
                    Path to = copy.resolve(entry.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                });
                copied.add(copy.toString());
            } else {
                copied.add(entry.toString());
            }
        }
        return String.join(File.pathSeparator, copied);
    }

    /** A digest of names and contents under a folder: a build that wrote the same again has changed nothing. */
    static String digest(Path folder) {
        SortedMap<String, String> contents = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            walk(
                    folder,
                    (file, _) ->
                            contents.put(folder.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file))));
        }
        return Sha256.hex(contents.toString().getBytes(StandardCharsets.UTF_8));
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // it is gone, as it should be
        } catch (IOException e) {
            throw new UncheckedIOException("The copied classes in " + folder + " cannot be deleted", e);
        }
    }

    @FunctionalInterface
    private interface Visit {
        void file(Path file, BasicFileAttributes attributes) throws IOException;
    }

    /** Visits each file. What a build deletes at the same moment is left out; the next scan sees it gone. */
    private static void walk(Path folder, Visit visit) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    try {
                        visit.file(file, attributes);
                        return FileVisitResult.CONTINUE;
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (NoSuchFileException e) {
            return; // the folder itself
        } catch (IOException e) {
            throw new UncheckedIOException("The classes in " + folder + " cannot be read", e);
        }
    }
}
