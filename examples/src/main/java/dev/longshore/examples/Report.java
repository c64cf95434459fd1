package dev.longshore.examples;

import dev.longshore.examples.ReportPage.Ink;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/** Lays a table out on A4: title, totals, chart, then the rows over as many pages as they take. One use each. */
final class Report implements AutoCloseable {
    private static final Color NAVY = new Color(0x12, 0x2B, 0x45);
    private static final Color TEAL = new Color(0x1F, 0x8A, 0x8C);
    private static final Color TEXT = new Color(0x22, 0x2B, 0x33);
    private static final Color FAINT = new Color(0x6B, 0x77, 0x82);
    private static final Color RULE = new Color(0xD5, 0xDC, 0xE2);
    private static final Color STRIPE = new Color(0xF4, 0xF7, 0xF9);
    private static final float MARGIN = 42;
    private static final float ROW = 17;
    private static final float LOWEST = 58;
    private static final int WIDE_FROM_COLUMNS = 7;
    private static final int MOST_CARDS = 4;
    private static final int ROWS_MEASURED = 200;

    private final PDDocument document = new PDDocument();
    private final PDFont font;
    private final CsvTable table;
    private final boolean landscape;
    private float y;

    Report(CsvTable table) throws IOException {
        this.table = table;
        this.landscape = table.header().size() >= WIDE_FROM_COLUMNS;
        try (InputStream content = Lettering.openFont()) {
            this.font = PDType0Font.load(document, content, true);
        }
    }

    /** @param rowsDone gets the number of rows laid out, after each */
    void layOut(String title, IntConsumer rowsDone) throws IOException, InterruptedException {
        document.getDocumentInformation().setTitle(title);
        document.getDocumentInformation().setCreator("Longshore generate-report");
        ReportPage page = new ReportPage(document, font, landscape);
        try {
            drawTitle(page, title);
            drawTotals(page);
            Optional<BarChart> chart = BarChart.of(table);
            if (chart.isPresent()) {
                drawChart(page, chart.get());
            }
            page = drawRows(page, rowsDone);
        } finally {
            page.close();
        }
        drawFooters(title);
    }

    int pages() {
        return document.getNumberOfPages();
    }

    byte[] pdf() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        document.save(content);
        return content.toByteArray();
    }

    private void drawTitle(ReportPage page, String title) throws IOException {
        float band = 76;
        page.fill(NAVY, 0, page.height() - band, page.width(), band);
        page.fill(TEAL, 0, page.height() - band - 3, page.width(), 3);
        page.text(
                new Ink(21, Color.WHITE, true),
                MARGIN,
                page.height() - 42,
                page.cut(title, 21, page.width() - 2 * MARGIN));
        page.text(
                new Ink(9.5f, new Color(0xC4, 0xD3, 0xE0), false),
                MARGIN,
                page.height() - 60,
                grouped(BigDecimal.valueOf(table.rows().size())) + (table.rows().size() == 1 ? " row, " : " rows, ")
                        + table.header().size() + " columns");
        y = page.height() - band - 27;
    }

    private void drawTotals(ReportPage page) throws IOException {
        List<Integer> numeric = new ArrayList<>();
        for (int column = 0; column < table.header().size() && numeric.size() < MOST_CARDS; column++) {
            if (table.isNumeric(column)) {
                numeric.add(column);
            }
        }
        float gap = 12;
        float width = (page.width() - 2 * MARGIN - gap * (MOST_CARDS - 1)) / MOST_CARDS;
        float x = MARGIN;
        for (int column : numeric) {
            page.fill(STRIPE, x, y - 40, width, 46);
            page.fill(TEAL, x, y - 40, 2.5f, 46);
            page.text(
                    new Ink(8, FAINT, false),
                    x + 11,
                    y - 9,
                    page.cut("Total " + table.header().get(column), 8, width - 16));
            page.text(new Ink(15, TEXT, true), x + 11, y - 29, page.cut(total(column), 15, width - 16));
            x += width + gap;
        }
        y -= numeric.isEmpty() ? 0 : 66;
    }

    private void drawChart(ReportPage page, BarChart chart) throws IOException {
        float tall = landscape ? 120 : 150;
        float left = MARGIN + 58;
        float right = page.width() - MARGIN;
        page.text(new Ink(11, TEXT, true), MARGIN, y, page.cut(chart.title(), 11, right - MARGIN));
        float floor = y - 22 - tall;
        BigDecimal step = chart.gridStep();
        for (int line = 0; line <= chart.gridLines(); line++) {
            float at = floor + tall * line / chart.gridLines();
            page.line(line == 0 ? FAINT : RULE, line == 0 ? 0.8f : 0.5f, left, right, at);
            page.textRight(
                    new Ink(8, FAINT, false), left - 7, at - 2.8f, plain(step.multiply(BigDecimal.valueOf(line))));
        }
        double most = step.doubleValue() * chart.gridLines();
        float slot = (right - left) / chart.bars().size();
        float bar = Math.min(54, slot * 0.56f);
        float centre = left + slot / 2;
        for (Map.Entry<String, BigDecimal> entry : chart.bars().entrySet()) {
            float up = (float) (entry.getValue().doubleValue() / most * tall);
            page.fill(TEAL, centre - bar / 2, floor, bar, up);
            page.textCentred(new Ink(8, TEXT, false), centre, floor + up + 4, plain(entry.getValue()));
            page.textCentred(new Ink(8.5f, TEXT, false), centre, floor - 13, page.cut(entry.getKey(), 8.5f, slot - 6));
            centre += slot;
        }
        y = floor - 40;
    }

    private ReportPage drawRows(ReportPage first, IntConsumer rowsDone) throws IOException, InterruptedException {
        ReportPage page = first;
        float[] widths = columnWidths(page);
        drawHeader(page, widths);
        for (int row = 0; row < table.rows().size(); row++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted after " + row + " rows");
            }
            page = withRoom(page, widths);
            if (row % 2 == 1) {
                page.fill(STRIPE, MARGIN, y - 5, page.width() - 2 * MARGIN, ROW);
            }
            drawCells(page, widths, table.rows().get(row), new Ink(9, TEXT, false));
            rowsDone.accept(row + 1);
        }
        page = withRoom(page, widths);
        drawSums(page, widths);
        return page;
    }

    private ReportPage withRoom(ReportPage page, float[] widths) throws IOException {
        if (y >= LOWEST) {
            return page;
        }
        page.close();
        ReportPage next = new ReportPage(document, font, landscape);
        y = next.height() - MARGIN - 12;
        drawHeader(next, widths);
        return next;
    }

    private void drawHeader(ReportPage page, float[] widths) throws IOException {
        page.fill(NAVY, MARGIN, y - 6, page.width() - 2 * MARGIN, ROW + 3);
        y += 0.5f;
        drawCells(page, widths, table.header(), new Ink(9, Color.WHITE, true));
        y -= 3;
    }

    private void drawSums(ReportPage page, float[] widths) throws IOException {
        page.line(NAVY, 1, MARGIN, page.width() - MARGIN, y + ROW - 5.5f);
        List<String> sums = new ArrayList<>();
        for (int column = 0; column < widths.length; column++) {
            sums.add(table.isNumeric(column) ? total(column) : column == 0 ? "Total" : "");
        }
        y -= 1;
        drawCells(page, widths, sums, new Ink(9, TEXT, true));
    }

    private void drawCells(ReportPage page, float[] widths, List<String> cells, Ink ink) throws IOException {
        float x = MARGIN;
        for (int column = 0; column < widths.length; column++) {
            String shown = page.cut(cells.get(column), ink.size(), widths[column] - 12);
            if (table.isNumeric(column)) {
                page.textRight(ink, x + widths[column] - 6, y, shown);
            } else {
                page.text(ink, x + 6, y, shown);
            }
            x += widths[column];
        }
        y -= ROW;
    }

    /** Each column gets room by its widest content, at most three times the least width. */
    private float[] columnWidths(ReportPage page) throws IOException {
        int columns = table.header().size();
        float room = page.width() - 2 * MARGIN;
        float[] wanted = new float[columns];
        float sum = 0;
        for (int column = 0; column < columns; column++) {
            float widest = page.widthOf(table.header().get(column), 9.5f);
            widest = Math.max(widest, page.widthOf(total(column), 9.5f));
            for (List<String> row :
                    table.rows().subList(0, Math.min(ROWS_MEASURED, table.rows().size()))) {
                widest = Math.max(widest, page.widthOf(row.get(column), 9));
            }
            wanted[column] = Math.min(widest + 14, 3 * room / columns);
            sum += wanted[column];
        }
        for (int column = 0; column < columns; column++) {
            wanted[column] *= room / sum;
        }
        return wanted;
    }

    private void drawFooters(String title) throws IOException {
        int number = 0;
        for (PDPage sheet : document.getPages()) {
            number++;
            try (ReportPage page = new ReportPage(document, font, sheet)) {
                page.line(RULE, 0.5f, MARGIN, page.width() - MARGIN, 36);
                Ink ink = new Ink(8, FAINT, false);
                page.text(ink, MARGIN, 24, page.cut(title, 8, page.width() / 2));
                page.textRight(ink, page.width() - MARGIN, 24, "Page " + number + " of " + pages());
            }
        }
    }

    private String total(int column) {
        return table.totals().get(column).map(Report::grouped).orElse("");
    }

    /** With thousands grouped and every digit behind the point. */
    private static String grouped(BigDecimal number) {
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(0, number.scale()));
        format.setMaximumFractionDigits(Math.max(0, number.scale()));
        return format.format(number);
    }

    /** For the chart: whole numbers from a hundred on, else at most two digits behind the point. */
    private static String plain(BigDecimal number) {
        int digits = number.abs().compareTo(BigDecimal.valueOf(100)) >= 0 ? 0 : 2;
        BigDecimal rounded = number.setScale(digits, RoundingMode.HALF_UP).stripTrailingZeros();
        return grouped(rounded.scale() < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded);
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
