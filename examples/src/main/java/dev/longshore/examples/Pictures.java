package dev.longshore.examples;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Reads, scales and writes pictures in memory, without a display and without fonts of the machine. */
final class Pictures {
    /** The most pixels a picture may have: 40 million, about 8000 x 5000. */
    static final long MOST_PIXELS = 40_000_000;

    private Pictures() {}

    /** A picture that no attempt can read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * Reads PNG, JPEG, GIF (its first picture), BMP or TIFF.
     *
     * @param enough the width that is needed; a much larger picture is thinned out while it is read
     */
    static BufferedImage read(byte[] content, int enough) throws Unreadable {
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new Unreadable(
                        "The " + content.length + " bytes are no picture: PNG, JPEG, GIF, BMP and TIFF are read");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                requireDecent(reader.getWidth(0), reader.getHeight(0));
                ImageReadParam thinned = reader.getDefaultReadParam();
                int step = Math.max(1, reader.getWidth(0) / (4 * enough));
                thinned.setSourceSubsampling(step, step, 0, 0);
                return reader.read(0, thinned);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // ImageIO's readers meet broken files with exceptions of all kinds
            throw new Unreadable("The picture is broken or of a kind that Java cannot read ("
                    + e.getClass().getSimpleName() + "); save it as PNG or RGB JPEG and try again");
        }
    }

    /** Looks at the header alone: a few bytes of PNG can claim gigabytes of pixels. */
    private static void requireDecent(long width, long height) throws Unreadable {
        if (width * height > MOST_PIXELS) {
            throw new Unreadable("The picture has " + width + " x " + height + " pixels; at most " + MOST_PIXELS
                    + " in all are read");
        }
    }

    /** A copy of this size, smooth: halved as often as needed, then scaled once. */
    static BufferedImage scale(BufferedImage source, int width, int height) {
        int type = source.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        BufferedImage current = source;
        while (current.getWidth() / 2 >= width && current.getHeight() / 2 >= height) {
            current = drawn(
                    current,
                    current.getWidth() / 2,
                    current.getHeight() / 2,
                    type,
                    RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        }
        return drawn(current, width, height, type, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    }

    private static BufferedImage drawn(BufferedImage source, int width, int height, int type, Object interpolation) {
        BufferedImage target = new BufferedImage(width, height, type);
        Graphics2D canvas = target.createGraphics();
        try {
            canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
            canvas.drawImage(source, 0, 0, width, height, null);
        } finally {
            canvas.dispose();
        }
        return target;
    }

    static byte[] png(BufferedImage picture) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(content)) {
            writer.setOutput(out);
            writer.write(picture);
        } finally {
            writer.dispose();
        }
        return content.toByteArray();
    }
}
