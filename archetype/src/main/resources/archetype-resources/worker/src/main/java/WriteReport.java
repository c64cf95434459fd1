package ${package};

import dev.longshore.task.JobContext;
import dev.longshore.task.Secrets;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes a report of sales as CSV into the store, and signs it. Its file has the name of the job, so that a second attempt writes the
 * same file again.
 */
final class WriteReport implements TaskHandler<WriteReport.Request, WriteReport.Result> {
    /** One article that was sold. */
    record Line(String article, int pieces, BigDecimal price) {}

    record Request(String title, List<Line> lines) {}

    /**
     * @param file its name in the store
     * @param signature HMAC-SHA256 of its content, in hexadecimal
     */
    record Result(String file, String signature) {}

    private final ReportStore reports;
    private final Secrets secrets;

    WriteReport(ReportStore reports, Secrets secrets) {
        this.reports = reports;
        this.secrets = secrets;
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, GeneralSecurityException {
        if (request.lines().isEmpty()) {
            throw job.discard("the report '" + request.title() + "' has no lines; no attempt can write it");
        }
        StringBuilder csv = new StringBuilder("article,pieces,price,sum\n");
        for (int i = 0; i < request.lines().size(); i++) {
            if (job.cancelRequested()) {
                throw job.cancelled();
            }
            Line line = request.lines().get(i);
            BigDecimal sum = line.price().multiply(BigDecimal.valueOf(line.pieces()));
            csv.append(line.article() + "," + line.pieces() + "," + line.price() + "," + sum + "\n");
            job.progress(100 * (i + 1) / request.lines().size());
        }
        byte[] content = csv.toString().getBytes(StandardCharsets.UTF_8);
        String file = "reports/" + job.id() + ".csv";
        reports.write(file, content);
        return new Result(file, signature(content));
    }

    /** The secret is read at each job, and kept in no field: it may be rotated. */
    private String signature(byte[] content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secrets.value("signing").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(content));
    }
}
