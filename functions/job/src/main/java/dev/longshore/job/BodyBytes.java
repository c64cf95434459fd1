package dev.longshore.job;

import dev.longshore.task.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A body as bytes: UTF-8, through gzip where that is shorter. No JSON text starts like a gzip stream, so none is marked. */
public final class BodyBytes {
    private static final int WORTH_TRYING = 200;
    private static final byte GZIP_FIRST = 0x1f;

    private BodyBytes() {}

    public static byte[] pack(Json json) {
        byte[] plain = json.utf8();
        if (plain.length < WORTH_TRYING) {
            return plain;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.size() < plain.length ? packed.toByteArray() : plain;
    }

    /**
     * The body that {@link #pack} was given.
     *
     * @param most how many bytes of UTF-8 it can have; a gzip stream is read no further, since a kilobyte can unpack to a
     *     megabyte
     * @throws IllegalStateException when there are more, or they are no gzip stream: {@link #pack} did not write them
     */
    public static Json unpack(byte[] bytes, int most) {
        byte[] plain = bytes.length == 0 || bytes[0] != GZIP_FIRST ? bytes : gunzip(bytes, most);
        if (plain.length > most) {
            throw new IllegalStateException("A stored body has more than the " + most
                    + " bytes that its row allows; something other than Longshore wrote it");
        }
        return new Json(new String(plain, StandardCharsets.UTF_8));
    }

    private static byte[] gunzip(byte[] bytes, int most) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return gzip.readNBytes(most + 1);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "A stored body is no gzip stream; something other than Longshore wrote it", e);
        }
    }
}
