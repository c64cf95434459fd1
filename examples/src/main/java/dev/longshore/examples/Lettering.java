package dev.longshore.examples;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text as outlines, in Liberation Sans, which PDFBox brings along. Java2D's own text needs the machine's fonts: Lambda
 * has none, and on two machines the same picture would come out differently.
 *
 * <p>Knows Latin, Greek, Cyrillic and Hebrew letters, written from left to right; others become a question mark.
 */
final class Lettering {
    /** Where PDFBox keeps the font; SIL Open Font License 1.1. */
    static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final TrueTypeFont font;
    private final CmapLookup letters;
    private final double unitsPerEm;

    /** Read once, by the first who needs it. */
    private static final class Loaded {
        static final Lettering INSTANCE = load();
    }

    private Lettering(TrueTypeFont font) throws IOException {
        this.font = font;
        this.letters = font.getUnicodeCmapLookup();
        this.unitsPerEm = font.getUnitsPerEm();
    }

    static Lettering instance() {
        return Loaded.INSTANCE;
    }

    static InputStream openFont() {
        InputStream font = TrueTypeFont.class.getResourceAsStream(FONT);
        if (font == null) {
            throw new IllegalStateException("PDFBox has no " + FONT + " in its jar any more; bring the font along");
        }
        return font;
    }

    /** The text's outline for an em of 1, its baseline's left end at the origin, y downwards. */
    synchronized Path2D outline(String text) {
        Path2D line = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double x = 0;
        for (int letter : text.codePoints().toArray()) {
            int glyph = glyphOf(letter);
            try {
                GlyphData data = font.getGlyph().getGlyph(glyph);
                if (data != null) {
                    line.append(data.getPath().getPathIterator(placedAt(x)), false);
                }
                x += font.getAdvanceWidth(glyph) / unitsPerEm;
            } catch (IOException e) {
                throw new UncheckedIOException("Liberation Sans, glyph " + glyph, e);
            }
        }
        return line;
    }

    private int glyphOf(int letter) {
        int glyph = letters.getGlyphId(Character.isWhitespace(letter) ? ' ' : letter);
        return glyph == 0 ? letters.getGlyphId('?') : glyph;
    }

    /** Glyphs count in font units, y upwards. */
    private AffineTransform placedAt(double x) {
        return new AffineTransform(1 / unitsPerEm, 0, 0, -1 / unitsPerEm, x, 0);
    }

    private static Lettering load() {
        try (InputStream font = openFont();
                RandomAccessReadBuffer content = new RandomAccessReadBuffer(font)) {
            return new Lettering(new TTFParser().parse(content));
        } catch (IOException e) {
            throw new UncheckedIOException("Liberation Sans out of PDFBox's jar", e);
        }
    }
}
