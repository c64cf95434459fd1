package dev.longshore.examples;

import dev.longshore.task.ShortText;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;

/**
 * A line of text on a translucent plate in the lower right corner: legible on any picture, small enough to look past.
 *
 * @param text 1 to 80 characters
 */
record Watermark(String text) {
    static final int LONGEST = 80;

    private static final double LETTERS_TO_HEIGHT = 0.045;
    private static final double SMALLEST_LETTERS = 9;
    private static final double MOST_OF_WIDTH = 0.8;
    private static final Color PLATE = new Color(10, 22, 34, 140);
    private static final Color INK = new Color(255, 255, 255, 235);

    Watermark {
        if (text.isBlank() || ShortText.length(text) > LONGEST) {
            throw new IllegalArgumentException("watermark takes 1 to " + LONGEST + " characters, and got "
                    + ShortText.length(text) + (text.isBlank() ? " (blank)" : ""));
        }
    }

    void drawOn(BufferedImage picture) {
        Path2D letters = Lettering.instance().outline(text.strip());
        Rectangle2D extent = letters.getBounds2D();
        if (extent.isEmpty()) {
            return;
        }
        double size = size(picture, extent.getWidth());
        double pad = size * 0.6;
        double plateWidth = extent.getWidth() * size + 2 * pad;
        double plateHeight = size * 1.75;
        double left = picture.getWidth() - plateWidth - pad;
        double top = picture.getHeight() - plateHeight - pad;
        Graphics2D canvas = picture.createGraphics();
        try {
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            canvas.setColor(PLATE);
            canvas.fill(new RoundRectangle2D.Double(left, top, plateWidth, plateHeight, size * 0.7, size * 0.7));
            canvas.setColor(INK);
            double baseline = top + plateHeight / 2 + size * 0.36;
            canvas.fill(letters.createTransformedShape(
                    new AffineTransform(size, 0, 0, size, left + pad - extent.getX() * size, baseline)));
        } finally {
            canvas.dispose();
        }
    }

    /** The em, in pixels: a part of the height, and less where the line would not fit the width. */
    private static double size(BufferedImage picture, double emsWide) {
        double wanted = Math.max(SMALLEST_LETTERS, picture.getHeight() * LETTERS_TO_HEIGHT);
        return Math.min(wanted, picture.getWidth() * MOST_OF_WIDTH / (emsWide + 1.2));
    }
}
