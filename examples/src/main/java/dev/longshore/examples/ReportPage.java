package dev.longshore.examples;

import java.awt.Color;
import java.io.IOException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;

/** One page to draw on, in points (1/72 inch) from the lower left corner, as PDF counts. */
final class ReportPage implements AutoCloseable {
    private static final String CUT = "...";

    private final PDPageContentStream out;
    private final PDFont font;
    private final float width;
    private final float height;

    ReportPage(PDDocument document, PDFont font, boolean landscape) throws IOException {
        PDRectangle a4 = PDRectangle.A4;
        PDPage page = new PDPage(landscape ? new PDRectangle(a4.getHeight(), a4.getWidth()) : a4);
        document.addPage(page);
        this.font = font;
        this.width = page.getMediaBox().getWidth();
        this.height = page.getMediaBox().getHeight();
        this.out = new PDPageContentStream(document, page);
    }

    /** Continues with a page that is there already. */
    ReportPage(PDDocument document, PDFont font, PDPage page) throws IOException {
        this.font = font;
        this.width = page.getMediaBox().getWidth();
        this.height = page.getMediaBox().getHeight();
        this.out = new PDPageContentStream(document, page, PDPageContentStream.AppendMode.APPEND, true, true);
    }

    float width() {
        return width;
    }

    float height() {
        return height;
    }

    void fill(Color color, float x, float y, float w, float h) throws IOException {
        out.setNonStrokingColor(color);
        out.addRect(x, y, w, h);
        out.fill();
    }

    void line(Color color, float thickness, float x1, float x2, float y) throws IOException {
        out.setStrokingColor(color);
        out.setLineWidth(thickness);
        out.moveTo(x1, y);
        out.lineTo(x2, y);
        out.stroke();
    }

    void text(Ink ink, float x, float y, String text) throws IOException {
        out.beginText();
        out.setNonStrokingColor(ink.color());
        out.setStrokingColor(ink.color());
        // PDFBox brings the regular cut alone: bold is its outline, thickened
        out.setRenderingMode(ink.bold() ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        out.setLineWidth(ink.size() * 0.03f);
        out.setFont(font, ink.size());
        out.newLineAtOffset(x, y);
        out.showText(writable(text));
        out.endText();
    }

    void textRight(Ink ink, float right, float y, String text) throws IOException {
        text(ink, right - widthOf(text, ink.size()), y, text);
    }

    void textCentred(Ink ink, float centre, float y, String text) throws IOException {
        text(ink, centre - widthOf(text, ink.size()) / 2, y, text);
    }

    /** The text, cut with an ellipsis where it is wider than {@code room}. */
    String cut(String text, float size, float room) throws IOException {
        if (widthOf(text, size) <= room) {
            return text;
        }
        int[] letters = text.codePoints().limit(500).toArray();
        float used = widthOf(CUT, size);
        StringBuilder kept = new StringBuilder();
        for (int letter : letters) {
            used += widthOf(Character.toString(letter), size);
            if (used > room) {
                break;
            }
            kept.appendCodePoint(letter);
        }
        return kept + CUT;
    }

    float widthOf(String text, float size) throws IOException {
        return font.getStringWidth(writable(text)) / 1000 * size;
    }

    /** What the font has no letter for becomes a question mark: a report with one is worth more than none. */
    private String writable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(letter -> {
            int shown = Character.isWhitespace(letter) || Character.isISOControl(letter) ? ' ' : letter;
            printable.appendCodePoint(hasGlyph(shown) ? shown : '?');
        });
        return printable.toString();
    }

    private boolean hasGlyph(int letter) {
        try {
            font.encode(Character.toString(letter));
            return true;
        } catch (IllegalArgumentException | IOException e) {
            return false;
        }
    }

    /** How text looks. */
    record Ink(float size, Color color, boolean bold) {}

    @Override
    public void close() throws IOException {
        out.close();
    }
}
