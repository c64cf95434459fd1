package dev.longshore.local;

import dev.longshore.api.ApiKeys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What can be set of the local runtime: by system properties ({@code longshore.port}) or, where they are not given, by
 * environment variables ({@code LONGSHORE_PORT}).
 *
 * @param port where the HTTP API listens, on loopback; 0 for any free port
 * @param data the folder of the engines' files, the file store and the key
 * @param key an API key with all scopes; empty to have one made and kept
 */
public record LocalSettings(int port, Path data, Optional<String> key) {
    static final int DEFAULT_PORT = 8787;

    /** @throws IllegalArgumentException when the key is none */
    public LocalSettings {
        if (key.filter(text -> !ApiKeys.isKey(text)).isPresent()) {
            throw new IllegalArgumentException(
                    "LONGSHORE_KEY takes a key of the form ls_<id>_<secret>: an id of 1 to 32 letters and digits, a secret"
                            + " of 1 to 128 letters, digits, _ and -");
        }
    }

    /** @throws IllegalArgumentException when a value cannot be used; it names the variable */
    public static LocalSettings read(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        String port = value("port", properties, environment).orElse(Integer.toString(DEFAULT_PORT));
        String data = value("data", properties, environment).orElse(".longshore");
        return new LocalSettings(port(port), folder(data), value("key", properties, environment));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "port " + port + ", data " + data;
    }

    private static Optional<String> value(
            String name, UnaryOperator<String> properties, UnaryOperator<String> environment) {
        String property = properties.apply("longshore." + name);
        String value = property != null ? property : environment.apply("LONGSHORE_" + name.toUpperCase(Locale.ROOT));
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Path folder(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("LONGSHORE_DATA takes the path of a folder: " + e.getMessage(), e);
        }
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("LONGSHORE_PORT takes a number from 0 to 65535, and is '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
