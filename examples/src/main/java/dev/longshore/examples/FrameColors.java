package dev.longshore.examples;

import java.awt.image.BufferedImage;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Picture;

/**
 * Between a video's colours (luma 16 to 235, chroma 16 to 240) and a picture's (red, green, blue 0 to 255). JCodec's
 * own conversions take video as full range, which no camera writes and no player expects: blacks come out grey.
 *
 * <p>Standard definition uses the weights of ITU-R BT.601, high definition those of BT.709.
 */
final class FrameColors {
    private static final int HIGH_DEFINITION_FROM = 720;

    private final double red;
    private final double blue;

    private FrameColors(double red, double blue) {
        this.red = red;
        this.blue = blue;
    }

    private static FrameColors ofHeight(int height) {
        return height >= HIGH_DEFINITION_FROM ? new FrameColors(0.2126, 0.0722) : new FrameColors(0.299, 0.114);
    }

    static BufferedImage toImage(Picture frame) {
        Picture shown = frame.cropped();
        return ofHeight(shown.getHeight()).decode(shown);
    }

    /** Both sides of the image must be even. */
    static Picture toFrame(BufferedImage image) {
        return ofHeight(image.getHeight()).encode(image);
    }

    private BufferedImage decode(Picture frame) {
        int width = frame.getWidth();
        int height = frame.getHeight();
        int chromaWidth = frame.getPlaneWidth(1);
        int chromaHeight = frame.getPlaneHeight(1);
        byte[] luma = frame.getPlaneData(0);
        byte[] cb = frame.getPlaneData(1);
        byte[] cr = frame.getPlaneData(2);
        int[] row = new int[width];
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            int chromaRow = y * chromaHeight / height * chromaWidth;
            for (int x = 0; x < width; x++) {
                int chroma = chromaRow + x * chromaWidth / width;
                row[x] = rgb(luma[y * width + x], cb[chroma], cr[chroma]);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    /** JCodec keeps samples less 128, so that they fit a byte. */
    private int rgb(byte luma, byte cb, byte cr) {
        double bright = (luma + 128 - 16) * 255 / 219.0;
        double r = bright + cr * (255 / 224.0) * 2 * (1 - red);
        double b = bright + cb * (255 / 224.0) * 2 * (1 - blue);
        double g = (bright - red * r - blue * b) / (1 - red - blue);
        return clamp(r) << 16 | clamp(g) << 8 | clamp(b);
    }

    private Picture encode(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Picture frame = Picture.create(width, height, ColorSpace.YUV420J);
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                frame.getPlaneData(0)[y * width + x] =
                        (byte) (Math.round(bright(pixels[y * width + x]) * 219 / 255 + 16) - 128);
            }
        }
        for (int y = 0; y < height; y += 2) {
            for (int x = 0; x < width; x += 2) {
                int mean = mean(pixels, y * width + x, width);
                int chroma = y / 2 * (width / 2) + x / 2;
                double bright = bright(mean);
                frame.getPlaneData(1)[chroma] = chroma((mean & 0xff) - bright, blue);
                frame.getPlaneData(2)[chroma] = chroma((mean >> 16 & 0xff) - bright, red);
            }
        }
        return frame;
    }

    private double bright(int rgb) {
        return red * (rgb >> 16 & 0xff) + (1 - red - blue) * (rgb >> 8 & 0xff) + blue * (rgb & 0xff);
    }

    private static byte chroma(double difference, double weight) {
        return (byte) Math.round(difference / (2 * (1 - weight)) * 224 / 255);
    }

    /** Of a square of four pixels. */
    private static int mean(int[] pixels, int at, int width) {
        int[] four = {pixels[at], pixels[at + 1], pixels[at + width], pixels[at + width + 1]};
        int mean = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int sum = 2;
            for (int pixel : four) {
                sum += pixel >> shift & 0xff;
            }
            mean |= (sum / 4) << shift;
        }
        return mean;
    }

    private static int clamp(double value) {
        return Math.clamp(Math.round(value), 0, 255);
    }
}
