package dev.longshore.reliability;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Takes one guard after the other out of the production code, each in a copy of the one class that has it, and lets the
 * checks of this module look for the bug. The list is {@code planted-bugs.txt}: a name, a file, the text that keeps the
 * promise, and the text that replaces it. Text that is no longer in its file is an error.
 */
final class PlantedBugs {
    private final Path root;
    private final Path work;

    /** One guard, and the code without it. */
    record Bug(String name, Path file, String guard, String instead) {}

    PlantedBugs(Path root, Path work) {
        this.root = root;
        this.work = work;
    }

    /** Reads the list: blocks of four lines, {@code name: …}, {@code file: …}, {@code guard: …}, {@code instead: …}. */
    static List<Bug> read(Path list) {
        List<Bug> bugs = new ArrayList<>();
        List<String> block = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(list)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    block.add(line);
                }
                if (block.size() == 4) {
                    bugs.add(new Bug(
                            value(block.get(0), "name"),
                            Path.of(value(block.get(1), "file")),
                            value(block.get(2), "guard"),
                            value(block.get(3), "instead")));
                    block.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!block.isEmpty()) {
            throw new IllegalStateException(list + " ends in the middle of a bug: " + block);
        }
        return bugs;
    }

    private static String value(String line, String label) {
        if (!line.startsWith(label + ":")) {
            throw new IllegalStateException("Expected '" + label + ": …' and got '" + line + "'");
        }
        return line.substring(label.length() + 1).strip().replace("\\n", "\n");
    }

    /** The source without the guard. */
    String planted(Bug bug) {
        try {
            String source = Files.readString(root.resolve(bug.file()));
            int first = source.indexOf(bug.guard());
            if (first < 0 || source.indexOf(bug.guard(), first + 1) >= 0) {
                throw new IllegalStateException("The guard of '" + bug.name() + "' occurs "
                        + (first < 0 ? "no longer" : "more than once") + " in " + bug.file() + ": " + bug.guard());
            }
            return source.substring(0, first)
                    + bug.instead()
                    + source.substring(first + bug.guard().length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What caught a bug, and what it said; null when nothing did. */
    record Caught(String check, String by) {}

    /** Lets all checks look for a bug; null when none finds it. */
    @Nullable
    Caught hunt(Bug bug, int histories) {
        Path classes = compile(bug);
        List<URL> path = new ArrayList<>();
        path.add(url(classes));
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(url(Path.of(element)));
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Object caught = loader.loadClass(Hunt.class.getName())
                    .getDeclaredMethod("run", String.class, int.class)
                    .invoke(null, root.resolve("docs/lifecycle.md").toString(), histories);
            String[] answer = (String[]) caught;
            return answer.length == 0 ? null : new Caught(answer[0], answer[1]);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Caught("all", "nothing works any more: " + cause);
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException("The checks could not be loaded a second time", e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path compile(Bug bug) {
        String name = bug.file().getFileName().toString();
        Path folder = work.resolve(bug.name().replaceAll("[^a-zA-Z0-9]+", "-"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Files.createDirectories(folder.resolve("classes"));
            Path source = Files.writeString(folder.resolve(name), planted(bug));
            boolean compiled = compiler.getTask(
                            complaints,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-d",
                                    folder.resolve("classes").toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("'" + bug.name() + "' does not compile: " + complaints);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder.resolve("classes");
    }
}
