package dev.longshore.job.engines;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UploadUrls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Payloads that a client uploads before it enqueues jobs with them (ADR 21). An upload is a file beside those of large bodies, under an
 * id of its own that no job has: so the sweep of bodies deletes it after {@link #KEPT}. A job that names it gets a copy, and
 * needs the upload no more. The file's name has the id of the API key and 128 random bits, so that no other key can name it.
 */
public final class Uploads {
    /** The largest upload, in bytes: a payload's limit. */
    public static final int LARGEST = Body.LARGEST;

    /** How long its URL takes a PUT. */
    public static final Duration URL_LASTS = Duration.ofMinutes(15);

    /** How long after its creation an upload can be named by jobs. */
    public static final Duration KEPT = Duration.ofDays(1);

    private static final Pattern REF = Pattern.compile("([0-9a-f-]{36})\\.([0-9a-f]{32})");

    private final Engines engines;

    public Uploads(Engines engines) {
        this.engines = engines;
    }

    /**
     * An upload to be made.
     *
     * @param ref what a job names it by
     * @param urlExpires when its URL takes no PUT any more
     */
    public record Upload(UploadUrls.Target target, String ref, Instant urlExpires) {}

    /**
     * Opens an upload. The file is noted for the sweep before it can be there, so that none is left behind.
     *
     * @param keyId the API key that alone can name it
     * @param sha256 in Base64; null when its content is not to be checked
     * @throws StoreUnavailableException when it could not be noted
     */
    public Upload open(String keyId, int bytes, @Nullable String sha256) {
        Instant now = engines.clock().instant();
        JobId id = JobId.next(now, engines.random());
        byte[] secret = new byte[16];
        engines.random().nextBytes(secret);
        String hex = HexFormat.of().formatHex(secret);
        BodyStore.Sweep file = file(id, keyId, hex);
        engines.bodies().postpone(file, now.plus(KEPT));
        UploadUrls.Target target = engines.uploadUrls().put(file.file(), bytes, sha256, URL_LASTS);
        return new Upload(target, id + "." + hex, now.plus(URL_LASTS));
    }

    /**
     * The uploaded bytes: at most one more than {@link #LARGEST}, which says that there are too many.
     *
     * @throws UnknownUploadException when nothing was uploaded there by this key, or its time is over
     * @throws StoreUnavailableException when the file store's call failed
     */
    public byte[] read(String keyId, String ref) {
        Matcher parts = REF.matcher(ref);
        JobId id = parts.matches() ? JobId.parse(parts.group(1)).orElse(null) : null;
        if (id == null) {
            throw new UnknownUploadException("is no payloadRef; POST /v1/uploads answers one");
        }
        if (!engines.clock().instant().isBefore(id.time().plus(KEPT))) {
            throw new UnknownUploadException("names an upload of " + id.time() + ", and an upload is kept for "
                    + KEPT.toHours() + " hours; upload the payload again");
        }
        String file = file(id, keyId, parts.group(2)).file();
        try (InputStream in = engines.files().read(file)) {
            return in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw new UnknownUploadException(
                    "names nothing that this key has uploaded; send the PUT first, and enqueue with the same key");
        } catch (IOException e) {
            throw new StoreUnavailableException("Reading the upload " + id, e);
        }
    }

    private static BodyStore.Sweep file(JobId id, String keyId, String secret) {
        return new BodyStore.Sweep(id, "upload-" + keyId + "-" + secret);
    }
}
