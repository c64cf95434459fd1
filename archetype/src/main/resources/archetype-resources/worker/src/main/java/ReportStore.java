package ${package};

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Where reports are kept: a bucket in AWS, a folder on a laptop. */
interface ReportStore {
    /** Writes a file, in the place of one of the same name. */
    void write(String name, byte[] content) throws IOException;

    /** The bucket that {@code REPORTS_BUCKET} names; the folder {@code .longshore} where it is not set. */
    static ReportStore of(Map<String, String> environment) {
        String bucket = environment.get("REPORTS_BUCKET");
        return bucket == null ? new InFolder(Path.of(".longshore")) : InBucket.named(bucket);
    }

    /** Reports in a folder. */
    record InFolder(Path folder) implements ReportStore {
        @Override
        public void write(String name, byte[] content) throws IOException {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
    }

    /** Reports in a bucket of S3. */
    record InBucket(S3Client s3, String bucket) implements ReportStore {
        static InBucket named(String bucket) {
            S3Client s3 = S3Client.builder()
                    .httpClientBuilder(UrlConnectionHttpClient.builder())
                    .build();
            return new InBucket(s3, bucket);
        }

        @Override
        public void write(String name, byte[] content) {
            s3.putObject(put -> put.bucket(bucket).key(name).contentType("text/csv"), RequestBody.fromBytes(content));
        }
    }
}
