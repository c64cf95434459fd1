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

    public static Json unpack(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != GZIP_FIRST) {
            return new Json(new String(bytes, StandardCharsets.UTF_8));
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new Json(new String(gzip.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
