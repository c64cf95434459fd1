package dev.longshore.infra;

import java.util.regex.Pattern;

/**
 * What contradicts itself in the settings of one function, or what AWS would refuse at the deployment: stops the synthesis with
 * a sentence that names the function, the setting and what to change.
 *
 * @param whose the function, as the beginning of a sentence: {@code The pool heavy}
 */
record FunctionChecks(String whose) {
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern MOUNT = Pattern.compile("/mnt/[a-zA-Z0-9_.-]+");
    private static final int MOST_LAYERS = 5;

    /** The settings of a function after those for all are merged into its own. */
    void check(FunctionSettings settings, boolean isImage) {
        settings.network().flatMap(Network::contradiction).ifPresent(this::refuse);
        settings.memory().ifPresent(memory -> requireWithin("memoryMiB", memory, 128, 10_240));
        settings.reservedConcurrency().ifPresent(some -> requireWithin("reservedConcurrency", some, 1, 100_000));
        settings.tmpSize().ifPresent(size -> requireWithin("tmpSizeMiB", size, 512, 10_240));
        FunctionEnvironment.contradiction(settings.environment()).ifPresent(this::refuse);
        JvmFlags.contradiction(FunctionEnvironment.OUR_JVM_FLAGS, settings.jvmFlags())
                .ifPresent(this::refuse);
        settings.files().ifPresent(files -> {
            require(
                    MOUNT.matcher(files.folder()).matches(),
                    "it mounts files at " + files.folder() + ", and Lambda mounts at /mnt/<name> alone");
            require(
                    settings.network().isPresent(),
                    "it mounts files at " + files.folder() + " and is in no VPC, where its file system is; give it a"
                            + " network");
        });
        require(
                settings.layers().size() <= MOST_LAYERS,
                "it has " + settings.layers().size() + " layers, and Lambda takes " + MOST_LAYERS + "; join some");
        require(
                !isImage || settings.layers().isEmpty(),
                "it runs an image and has " + settings.layers().size()
                        + " layers, which Lambda refuses; put what they have into the image");
        settings.secrets()
                .keySet()
                .forEach(name -> require(
                        SECRET.matcher(name).matches(),
                        "its secret '" + name + "' has a name with other characters than letters, digits, '.', '_' and"
                                + " '-'"));
    }

    /** A pool has settings of its own for what its tasks decide. */
    void checkOfPool(FunctionSettings settings) {
        settings.memory()
                .ifPresent(memory -> refuse("its function settings have a memoryMiB of " + memory
                        + ", which its tasks decide; set WorkerPool.memoryMiB"));
        settings.reservedConcurrency()
                .ifPresent(some -> refuse("its function settings have a reservedConcurrency of " + some
                        + ", which goes with maxConcurrency; set WorkerPool.reservedConcurrency"));
    }

    /** What all functions get has to be what each of them can have. */
    void checkOfAll(FunctionSettings settings) {
        settings.memory()
                .ifPresent(memory -> refuse("memoryMiB of " + memory
                        + " is not for all functions; set it for a pool, the API, the dispatcher or the dead letters"));
        settings.reservedConcurrency()
                .ifPresent(some -> refuse("reservedConcurrency of " + some
                        + " is not for all functions; set it for a pool, the API, the dispatcher or the dead letters"));
    }

    /** The API and the dispatcher run Longshore's code alone, which reads no secret of the team. */
    void checkOfOurs(FunctionSettings settings) {
        require(
                settings.secrets().isEmpty(),
                "it has the secrets " + String.join(", ", settings.secrets().keySet())
                        + ", and runs no handler that could read them; give them to a pool or to all functions");
    }

    private void requireWithin(String setting, int value, int least, int most) {
        require(value >= least && value <= most, setting + " takes " + least + " to " + most + ", and got " + value);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            refuse(otherwise);
        }
    }

    private void refuse(String otherwise) {
        throw new IllegalArgumentException(whose + " cannot be deployed: " + otherwise);
    }
}
