package dev.longshore.local;

import com.sun.net.httpserver.HttpExchange;
import dev.longshore.job.Sha256;
import dev.longshore.job.UploadUrls;
import dev.longshore.task.FileStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Plays S3's presigned URLs: takes a PUT whose URL it has signed, until that expires, with the length and checksum that it was
 * signed for, and writes it into the file store. The key of the signatures lasts as long as the process.
 */
final class LocalUploads implements UploadUrls {
    static final String PATH = "/uploads/";
    private static final String CHECKSUM = "x-amz-checksum-sha256";
    private static final String ALGORITHM = "HmacSHA256";

    private final FileStore files;
    private final InstantSource clock;
    private final SecretKeySpec key;
    private volatile @Nullable URI front;

    LocalUploads(FileStore files, InstantSource clock) {
        this.files = files;
        this.clock = clock;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** The front at this URL hands requests under {@link #PATH} to {@link #take} from now on. */
    void servedAt(URI url) {
        this.front = url;
    }

    @Override
    public Target put(String file, int bytes, @Nullable String sha256, Duration lasts) {
        URI url = Objects.requireNonNull(front, "no HTTP front takes uploads");
        long expires = clock.instant().plus(lasts).getEpochSecond();
        String query = "bytes=" + bytes + "&expires=" + expires + "&sha256="
                + (sha256 == null
                        ? ""
                        : HexFormat.of().formatHex(Base64.getDecoder().decode(sha256)));
        return new Target(
                url.resolve(PATH + file + "?" + query + "&signature=" + sign(file + "?" + query)),
                sha256 == null ? Map.of() : Map.of(CHECKSUM, sha256));
    }

    /** Answers a PUT: 200, or the status that S3 has for what is wrong, and why in a line of text. */
    void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String file = exchange.getRequestURI().getRawPath().substring(PATH.length());
            Answer answer = exchange.getRequestMethod().equals("PUT")
                    ? take(file, exchange)
                    : new Answer(405, "An upload is sent by PUT");
            byte[] why = answer.why().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(answer.status(), why.length == 0 ? -1 : why.length);
            exchange.getResponseBody().write(why);
        }
    }

    private record Answer(int status, String why) {}

    private Answer take(String file, HttpExchange exchange) throws IOException {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        int end = query.lastIndexOf("&signature=");
        if (end < 0 || !isSigned(file + "?" + query.substring(0, end), query.substring(end + 11))) {
            return new Answer(403, "The URL is not signed by this process; request another one (POST /v1/uploads)");
        }
        Map<String, String> signed = parameters(query.substring(0, end));
        Instant expires = Instant.ofEpochSecond(Long.parseLong(signed.getOrDefault("expires", "0")));
        if (!clock.instant().isBefore(expires)) {
            return new Answer(403, "The URL has expired at " + expires + "; request another one (POST /v1/uploads)");
        }
        int bytes = Integer.parseInt(signed.getOrDefault("bytes", "0"));
        byte[] content = exchange.getRequestBody().readNBytes(bytes + 1);
        if (content.length != bytes) {
            return new Answer(
                    403,
                    "The URL is for " + bytes + " bytes, and the body has "
                            + (content.length > bytes ? "more" : Integer.toString(content.length)));
        }
        String sha256 = signed.getOrDefault("sha256", "");
        if (!sha256.isEmpty() && !sha256.equals(Sha256.hex(content))) {
            return new Answer(400, "The body does not have the SHA-256 that the upload was opened with");
        }
        files.write(file, content);
        return new Answer(200, "");
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : query.split("&", -1)) {
            String[] sides = part.split("=", 2);
            parameters.put(sides[0], sides.length == 2 ? sides[1] : "");
        }
        return parameters;
    }

    private boolean isSigned(String text, String signature) {
        return MessageDigest.isEqual(
                sign(text).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII));
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
