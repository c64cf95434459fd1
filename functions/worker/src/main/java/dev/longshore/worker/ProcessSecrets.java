package dev.longshore.worker;

import dev.longshore.task.Secrets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Secrets outside of AWS: the system property {@code longshore.secret.<name>}, or else the environment variable {@code
 * LONGSHORE_SECRET_<NAME>}, with an underscore for each character that is neither letter nor digit.
 */
final class ProcessSecrets implements Secrets {
    private final Function<String, @Nullable String> properties;
    private final Map<String, String> environment;

    ProcessSecrets(Function<String, @Nullable String> properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    @Override
    public String value(String name) {
        String property = "longshore.secret." + name;
        String variable =
                "LONGSHORE_SECRET_" + name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        String value = properties.apply(property);
        if (value == null) {
            value = environment.get(variable);
        }
        if (value == null) {
            throw new IllegalArgumentException(
                    "There is no secret " + name + " in this process; set the system property " + property
                            + " or the environment variable " + variable);
        }
        return value;
    }

    @Override
    public String latest(String name) {
        return value(name);
    }
}
