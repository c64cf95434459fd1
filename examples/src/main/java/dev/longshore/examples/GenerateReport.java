package dev.longshore.examples;

import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import dev.longshore.task.JobContext;
import dev.longshore.task.ShortText;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code generate-report}: a PDF with totals, a bar chart and a table out of CSV, stored as {@code reports/<job
 * id>.pdf}.
 *
 * <p>Reads CSV (RFC 4180) in UTF-8 with a header row, at most 5 MB, 20,000 rows and 12 columns. A column whose values
 * are all numbers ({@code 1234.5}, {@code 1,234.50}) is totalled. The chart sums the last such column by the first text
 * column with 2 to 12 different values, and is left out where there is none.
 *
 * <p>The font, Liberation Sans, is embedded; it has Latin, Greek, Cyrillic and Hebrew letters. Any other letter is
 * printed as a question mark, and right-to-left text in the order it is stored.
 */
public final class GenerateReport implements TaskHandler<GenerateReport.Request, GenerateReport.Result> {
    private static final int LARGEST = 5 * 1024 * 1024;
    private static final int LONGEST_TITLE = 200;

    private final FileStore files;
    private final StoredFiles inputs;

    /**
     * Exactly one of {@code file} and {@code csv}.
     *
     * @param file the CSV's name in the file store
     * @param csv the CSV itself
     * @param title 1 to 200 characters
     */
    public record Request(@Nullable String file, @Nullable String csv, String title) {
        public Request {
            if ((file == null) == (csv == null)) {
                throw new IllegalArgumentException(
                        "Give exactly one of file (a name in the file store) and csv (the text)");
            }
            if (file != null) {
                FileNames.require(file);
            }
            if (title.isBlank() || ShortText.length(title) > LONGEST_TITLE) {
                throw new IllegalArgumentException("title takes 1 to " + LONGEST_TITLE
                        + " characters, not only blanks, and got " + ShortText.length(title));
            }
        }
    }

    /**
     * What was made.
     *
     * @param file the PDF's name in the file store
     * @param rows of the table, the header not counted
     */
    public record Result(String file, int pages, int rows) {}

    public GenerateReport(FileStore files) {
        this.files = files;
        this.inputs = new StoredFiles(files);
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, InterruptedException {
        CsvTable table = table(request, job);
        job.progress(10);
        try (Report report = new Report(table)) {
            report.layOut(
                    request.title(),
                    row -> job.progress(10 + row * 80 / table.rows().size()));
            String name = "reports/" + job.id() + ".pdf";
            files.write(name, report.pdf());
            return new Result(name, report.pages(), table.rows().size());
        }
    }

    private CsvTable table(Request request, JobContext job) throws IOException {
        try {
            return CsvTable.parse(request.csv() != null ? request.csv() : text(request.file(), job));
        } catch (CsvTable.Unreadable e) {
            throw job.discard(String.valueOf(e.getMessage()));
        }
    }

    private String text(@Nullable String file, JobContext job) throws IOException {
        if (file == null) {
            throw new IllegalStateException("a request has a file or csv");
        }
        byte[] content = inputs.read(file, LARGEST, job);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw job.discard("The file " + file + " is no UTF-8 text; save it as CSV in UTF-8");
        }
    }
}
