package dev.longshore.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Profiles of {@code ~/.config/longshore/config}. A profile has the URL of an API and the command that prints its key; a key itself
 * is never in the file.
 *
 * <pre>{@code
 * default = production
 *
 * [production]
 * url = https://jobs.example.com
 * key-command = pass show longshore/production
 * }</pre>
 */
final class Profiles {
    private static final Pattern SECTION = Pattern.compile("\\[([a-z0-9-]{1,64})]");
    private static final Pattern SETTING = Pattern.compile("([a-z-]+)\\s*=\\s*(.*)");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final Path file;
    private final Map<String, Profile> profiles = new TreeMap<>();
    private @Nullable String standard;

    /** One of them. */
    record Profile(String name, String url, @Nullable String keyCommand) {}

    private Profiles(Path file) {
        this.file = file;
    }

    /** Those of the user's file; none when there is no file. */
    static Profiles read(Shell shell) throws IOException {
        String folder = shell.variable("XDG_CONFIG_HOME");
        Path file = (folder == null ? shell.home().resolve(".config") : Path.of(folder)).resolve("longshore/config");
        Profiles profiles = new Profiles(file);
        if (Files.exists(file)) {
            requireOwnersOnly(file);
            profiles.parse(Files.readAllLines(file));
        }
        return profiles;
    }

    Path file() {
        return file;
    }

    List<Profile> all() {
        return List.copyOf(profiles.values());
    }

    @Nullable
    Profile standard() {
        return standard == null ? null : profiles.get(standard);
    }

    Profile require(String name) {
        Profile profile = profiles.get(name);
        if (profile == null) {
            throw CommandFailure.usage("There is no profile '" + name + "' in " + file
                    + (profiles.isEmpty() ? "" : "; it has " + String.join(", ", profiles.keySet())));
        }
        return profile;
    }

    /** Adds it, or takes the place of the one of its name. The first is the default. */
    void put(Profile profile) {
        if (!SECTION.matcher("[" + profile.name() + "]").matches()) {
            throw CommandFailure.usage("A profile's name is 1 to 64 of a-z, 0-9 and -, not '" + profile.name() + "'");
        }
        profiles.put(profile.name(), profile);
        if (standard == null) {
            standard = profile.name();
        }
    }

    void use(String name) {
        standard = require(name).name();
    }

    void remove(String name) {
        require(name);
        profiles.remove(name);
        if (name.equals(standard)) {
            standard = null;
        }
    }

    /** Writes the file anew, for its owner alone. */
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        if (standard != null) {
            lines.add("default = " + standard);
        }
        for (Profile profile : profiles.values()) {
            lines.add("");
            lines.add("[" + profile.name() + "]");
            lines.add("url = " + profile.url());
            if (profile.keyCommand() != null) {
                lines.add("key-command = " + profile.keyCommand());
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " has no folder");
        }
        Files.createDirectories(folder);
        Path written = posix()
                ? Files.createTempFile(
                        folder,
                        "config",
                        ".new",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createTempFile(folder, "config", ".new");
        Files.write(written, lines);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void parse(List<String> lines) {
        String section = null;
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher head = SECTION.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (head.matches()) {
                section = head.group(1);
                profiles.put(section, new Profile(section, Target.LAPTOP, null));
            } else if (!setting.matches() || !set(section, setting.group(1), setting.group(2))) {
                throw CommandFailure.usage("Line " + number + " of " + file
                        + " is neither 'default = <profile>', '[<profile>]', 'url = …' nor 'key-command = …'");
            }
        }
        if (standard != null) {
            require(standard);
        }
    }

    private boolean set(@Nullable String section, String name, String value) {
        if (section == null) {
            standard = value;
            return name.equals("default");
        }
        Profile before = require(section);
        switch (name) {
            case "url" -> profiles.put(section, new Profile(section, value, before.keyCommand()));
            case "key-command" -> profiles.put(section, new Profile(section, before.url(), value));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The file has commands that are run. */
    private static void requireOwnersOnly(Path file) throws IOException {
        if (!posix()) {
            return;
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        permissions.retainAll(OF_OTHERS);
        if (!permissions.isEmpty()) {
            throw CommandFailure.usage(file + " can be read or written by other users ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + "): chmod 600 " + file);
        }
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
