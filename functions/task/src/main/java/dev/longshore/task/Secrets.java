package dev.longshore.task;

/**
 * Secrets that a handler needs, by name: a database's password, another service's token. In AWS each is a secret of Secrets
 * Manager that the construct names ({@code FunctionSettings.secret}); on a laptop and in tests it is a system property or an
 * environment variable.
 *
 * <p>A handler calls {@link #value} where it uses the value, and keeps none in a field, so that it gets another one after a
 * rotation.
 */
public interface Secrets {

    /**
     * The secret's value, at most five minutes old. Safe to call at each job: only the first call of five minutes reads it.
     *
     * @return the text that the secret holds; JSON for a secret that RDS made
     * @throws IllegalArgumentException when the function has no secret of this name; it names those that it has
     * @throws IllegalStateException when the secret cannot be read and no earlier value is there, without the value
     */
    String value(String name);

    /**
     * The secret's value as it is now, for a login that was refused: the password may have been rotated since the last read.
     *
     * @throws IllegalArgumentException as {@link #value}
     * @throws IllegalStateException when the secret cannot be read
     */
    String latest(String name);
}
