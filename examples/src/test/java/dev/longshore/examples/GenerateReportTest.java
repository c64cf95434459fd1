package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.FileStore;
import dev.longshore.task.FolderFileStore;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateReportTest {
    @TempDir
    Path folder;

    private FileStore files;
    private GenerateReport handler;
    private HandlerRun<GenerateReport.Request, GenerateReport.Result> run;

    @BeforeEach
    void putSamples() throws Exception {
        files = new FolderFileStore(folder);
        Samples.copyInto(files);
        handler = new GenerateReport(files);
        run = HandlerRun.of(handler);
    }

    @Test
    void theSampleBecomesAReportWithTotalsChartAndAllRows() throws Exception {
        GenerateReport.Result result = run.run(new GenerateReport.Request(Samples.SALES, null, "Port sales"))
                .result();

        assertThat(result).isEqualTo(new GenerateReport.Result("reports/" + run.id() + ".pdf", 4, 120));
        String text = text(result.file(), 1, 4);
        assertThat(text).contains("Port sales", "Revenue by Port", "1,438", "530,891.45", "Gdańsk", "Bunker \"green\"");
        assertThat(text.lines().filter(line -> line.startsWith("2026-"))).hasSize(120);
        assertThat(text(result.file(), 3, 3)).contains("Date", "Revenue", "Page 3 of 4");
        assertThat(run.progress()).isSorted();
    }

    @Test
    void quotesLineBreaksAndAByteOrderMarkAreRead() throws Exception {
        String csv = "\uFEFFName,Note,Amount\n\"Lee, Ann\",\"said \"\"ahoy\"\"\nand left\",\"1,200.50\"\n\nBo,,-0.5\n";
        GenerateReport.Result result =
                run.run(new GenerateReport.Request(null, csv, "Notes")).result();

        assertThat(result.rows()).isEqualTo(2);
        assertThat(text(result.file(), 1, 1)).contains("Lee, Ann", "said \"ahoy\" and left", "1,200.00");
    }

    @Test
    void lettersThatTheFontLacksBecomeQuestionMarks() throws Exception {
        String csv = "Hafen,Τόνοι\n横浜 🚢,12\nОдесса,30\n";
        GenerateReport.Result result =
                run.run(new GenerateReport.Request(null, csv, "Tonnen\t港")).result();

        assertThat(text(result.file(), 1, 1)).contains("?? ?", "Одесса", "Τόνοι", "Tonnen ?", "42");
    }

    @Test
    void aWideTableOfManyRowsFlowsOverLandscapePages() throws Exception {
        StringBuilder csv = new StringBuilder("a,b,c,d,e,f,g,h\n");
        IntStream.range(0, 1_000).forEach(row -> csv.append("word ").append(row).append(",2,3,4,5,6,7,8\n"));
        GenerateReport.Result result = run.run(new GenerateReport.Request(null, csv.toString(), "Wide"))
                .result();

        assertThat(result.rows()).isEqualTo(1_000);
        assertThat(result.pages()).isGreaterThan(30);
        assertThat(text(result.file(), result.pages(), result.pages())).contains("word 999", "Total", "8,000");
    }

    @Test
    void aTableWithoutRowsIsAReportStill() throws Exception {
        assertThat(run.run(new GenerateReport.Request(null, "a,b\n", "Empty"))
                        .result()
                        .rows())
                .isZero();
    }

    @Test
    void whatIsNoTableIsDiscarded() throws Exception {
        files.write("latin1.csv", "Stra\u00DFe,1\n".getBytes(StandardCharsets.ISO_8859_1));

        assertDiscarded(new GenerateReport.Request(null, "a,b\n1\n", "t"), "Row 2 has 1 values");
        assertDiscarded(new GenerateReport.Request(null, "", "t"), "empty");
        assertDiscarded(new GenerateReport.Request(null, "a,b\n\"x,1\n", "t"), "quote");
        assertDiscarded(new GenerateReport.Request(null, "a,".repeat(12) + "m\n", "t"), "13 columns");
        assertDiscarded(new GenerateReport.Request("latin1.csv", null, "t"), "UTF-8");
        assertDiscarded(new GenerateReport.Request("none.csv", null, "t"), "no file none.csv");
    }

    @Test
    void aCrashAtAnyPlaceLeavesTheSameFiles() throws Exception {
        GenerateReport.Request crashing = new GenerateReport.Request(null, "Port,Tonnes\nGdańsk,12\n", "Port sales");
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("generate-report", GenerateReport.Request.class, handler));

        jobs.crashEverywhere("generate-report", crashing, () -> ResultFiles.takeFrom(folder.resolve("reports")));
    }

    @Test
    void aPayloadSaysWhatItTakes() {
        assertThatThrownBy(() -> new GenerateReport.Request(null, null, "t")).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> new GenerateReport.Request("f", null, " ")).hasMessageContaining("title takes");
        String ship = "\ud83d\udea2";
        assertThat(new GenerateReport.Request("f", null, ship.repeat(200)).title())
                .hasSize(400);
        assertThatThrownBy(() -> new GenerateReport.Request("f", null, ship.repeat(201)))
                .hasMessageContaining("got 201");
    }

    private void assertDiscarded(GenerateReport.Request request, String why) {
        assertThat(run.run(request)).discardedBecause(why);
    }

    private String text(String name, int from, int to) throws Exception {
        try (InputStream in = files.read(name);
                PDDocument pdf = Loader.loadPDF(in.readAllBytes())) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            stripper.setStartPage(from);
            stripper.setEndPage(to);
            return stripper.getText(pdf);
        }
    }
}
