package dev.longshore.examples;

import dev.longshore.task.FolderFileStore;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/**
 * Makes the sample files, the same on every run. Run its {@code main} with the resources' folder as argument:
 * {@code src/main/resources/dev/longshore/examples}.
 */
final class SampleFiles {
    private static final int FRAMES = 75;
    private static final int FRAMES_PER_SECOND = 25;
    private static final Color[] BOXES = {
        new Color(0xC4, 0x4E, 0x32),
        new Color(0x2E, 0x6F, 0x8E),
        new Color(0xD9, 0x9A, 0x2B),
        new Color(0x4C, 0x7A, 0x4F)
    };

    private SampleFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder.resolve("samples"));
        writeJpeg(harbour(600, 400), folder.resolve(Samples.PICTURE));
        writeVideo(320, 240, FRAMES, folder.resolve(Samples.VIDEO));
        Files.writeString(folder.resolve(Samples.SALES), sales());
    }

    static BufferedImage harbour(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = smooth(picture);
        float horizon = height * 0.58f;
        sky(canvas, width, height, horizon);
        for (int i = 0; i < 4; i++) {
            crane(canvas, width * (0.07 + 0.15 * i), horizon + 6, height * (0.34 - 0.03 * i), 0.4 + 0.13 * i);
        }
        ship(canvas, width * 0.46, horizon + height * 0.075, width * 0.47);
        water(canvas, width, height, horizon);
        canvas.dispose();
        grain(picture);
        return picture;
    }

    private static void sky(Graphics2D canvas, int width, int height, float horizon) {
        canvas.setPaint(new GradientPaint(0, 0, new Color(0x1B, 0x2F, 0x52), 0, horizon, new Color(0xF2, 0xA5, 0x6B)));
        canvas.fill(new Rectangle2D.Double(0, 0, width, horizon));
        Point2D sun = new Point2D.Double(width * 0.74, horizon - height * 0.09);
        canvas.setPaint(new RadialGradientPaint(sun, height * 0.5f, new float[] {0, 0.12f, 1}, new Color[] {
            new Color(255, 244, 214, 255), new Color(255, 220, 160, 150), new Color(255, 190, 120, 0)
        }));
        canvas.fill(new Rectangle2D.Double(0, 0, width, horizon));
        canvas.setPaint(
                new GradientPaint(0, horizon, new Color(0xC9, 0x86, 0x63), 0, height, new Color(0x14, 0x26, 0x3C)));
        canvas.fill(new Rectangle2D.Double(0, horizon, width, height - horizon));
        Random random = new Random(7);
        for (int i = 0; i < 26; i++) {
            double y = horizon * (0.12 + 0.6 * random.nextDouble());
            double length = width * (0.1 + 0.3 * random.nextDouble());
            canvas.setColor(new Color(255, 205, 170, 14 + random.nextInt(22)));
            canvas.fill(
                    new Ellipse2D.Double(width * (random.nextDouble() * 1.2 - 0.2), y, length, 3 + random.nextInt(9)));
        }
    }

    private static void crane(Graphics2D canvas, double x, double ground, double tall, double nearness) {
        canvas.setColor(new Color((int) (58 - 30 * nearness), (int) (52 - 22 * nearness), (int) (74 - 30 * nearness)));
        canvas.setStroke(new BasicStroke((float) Math.max(1.5, tall * 0.03)));
        double wide = tall * 0.34;
        line(canvas, x, ground, x, ground - tall * 0.95);
        line(canvas, x + wide, ground, x + wide, ground - tall * 0.78);
        line(canvas, x - tall * 0.55, ground - tall * 0.72, x + wide * 1.5, ground - tall * 0.72);
        line(canvas, x, ground - tall * 0.4, x + wide, ground - tall * 0.4);
        canvas.setStroke(new BasicStroke(1.2f));
        line(canvas, x, ground - tall * 0.95, x - tall * 0.55, ground - tall * 0.72);
        line(canvas, x, ground - tall * 0.95, x + wide * 1.5, ground - tall * 0.72);
        line(canvas, x, ground - tall * 0.4, x + wide, ground - tall * 0.72);
    }

    private static void ship(Graphics2D canvas, double x, double water, double length) {
        double box = length / 15;
        Random random = new Random(11);
        for (int column = 0; column < 11; column++) {
            int stacked = 2 + random.nextInt(3);
            for (int level = 0; level < stacked; level++) {
                Color color = BOXES[random.nextInt(BOXES.length)];
                canvas.setColor(color.darker());
                double top = water - length * 0.075 - (level + 1) * box * 0.55;
                canvas.fill(new Rectangle2D.Double(x + length * 0.08 + column * box, top, box - 1.2, box * 0.55 - 1));
            }
        }
        canvas.setColor(new Color(0xE4, 0xDC, 0xD2));
        canvas.fill(new Rectangle2D.Double(x + length * 0.84, water - length * 0.25, length * 0.08, length * 0.18));
        canvas.setColor(new Color(0x2A, 0x3A, 0x4C));
        for (int level = 0; level < 4; level++) {
            canvas.fill(new Rectangle2D.Double(
                    x + length * 0.85, water - length * (0.235 - 0.04 * level), length * 0.06, length * 0.012));
        }
        Path2D hull = new Path2D.Double();
        hull.moveTo(x, water - length * 0.085);
        hull.lineTo(x + length * 0.98, water - length * 0.075);
        hull.lineTo(x + length * 0.94, water);
        hull.lineTo(x + length * 0.05, water);
        hull.closePath();
        canvas.setPaint(new GradientPaint(
                0,
                (float) (water - length * 0.08),
                new Color(0x1D, 0x2B, 0x3C),
                0,
                (float) water,
                new Color(0x6E, 0x26, 0x22)));
        canvas.fill(hull);
    }

    private static void water(Graphics2D canvas, int width, int height, float horizon) {
        float shore = horizon + height * 0.075f;
        canvas.setPaint(
                new GradientPaint(0, horizon, new Color(0xB9, 0x7C, 0x62, 150), 0, shore, new Color(0x6B, 0x5B, 0x68)));
        canvas.fill(new Rectangle2D.Double(0, horizon + 6, width * 0.44, shore - horizon));
        canvas.setPaint(
                new GradientPaint(0, shore, new Color(0x8C, 0x69, 0x66), 0, height, new Color(0x14, 0x26, 0x3C)));
        canvas.fill(new Rectangle2D.Double(0, shore, width, height - shore));
        Random random = new Random(3);
        for (int i = 0; i < 900; i++) {
            double depth = Math.pow(random.nextDouble(), 1.6);
            double y = shore + depth * (height - shore);
            double glitter = Math.exp(-Math.pow((random.nextDouble() - 0.5) * 3, 2));
            boolean lit = random.nextInt(5) < 2;
            double x = lit
                    ? width * (0.74 + (random.nextDouble() - 0.5) * (0.08 + 0.3 * depth))
                    : width * random.nextDouble();
            canvas.setColor(lit ? new Color(255, 205, 150, (int) (40 + 110 * glitter)) : new Color(20, 36, 58, 70));
            canvas.fill(new Rectangle2D.Double(x, y, 4 + 16 * depth, 0.8 + 1.4 * depth));
        }
    }

    private static void grain(BufferedImage picture) {
        Random random = new Random(5);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int noise = random.nextInt(9) - 4;
                Color color = new Color(picture.getRGB(x, y));
                picture.setRGB(
                        x,
                        y,
                        new Color(
                                        clamp(color.getRed() + noise),
                                        clamp(color.getGreen() + noise),
                                        clamp(color.getBlue() + noise))
                                .getRGB());
            }
        }
    }

    /** A crane lifts a container from the quay onto a stack. */
    static BufferedImage craneAt(double time, int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = smooth(picture);
        double quay = height * 0.84;
        canvas.setPaint(
                new GradientPaint(0, 0, new Color(0x8F, 0xC1, 0xDD), 0, (float) quay, new Color(0xF1, 0xE9, 0xD6)));
        canvas.fillRect(0, 0, width, height);
        canvas.setColor(new Color(0x5B, 0x66, 0x70));
        canvas.fill(new Rectangle2D.Double(0, quay, width, height - quay));
        double box = width * 0.2;
        double tall = box * 0.42;
        for (int i = 0; i < 3; i++) {
            container(canvas, width * 0.7, quay - tall * (i + 1), box, tall, BOXES[i + 1]);
        }
        double swing = smoothStep((time - 0.3) / 0.45);
        double lift = smoothStep(time / 0.35) - 0.22 * smoothStep((time - 0.75) / 0.25);
        double x = width * (0.12 + 0.58 * swing);
        double y = quay - tall - lift * (height * 0.5);
        double trolley = height * 0.13;
        canvas.setColor(new Color(0xE0, 0x8A, 0x1E));
        canvas.setStroke(new BasicStroke(height * 0.03f));
        line(canvas, width * 0.04, trolley, width * 0.97, trolley);
        line(canvas, width * 0.5, trolley, width * 0.5, quay);
        line(canvas, width * 0.6, trolley, width * 0.6, quay);
        canvas.setColor(new Color(0x33, 0x3C, 0x44));
        canvas.fill(new Rectangle2D.Double(x + box * 0.3, trolley - 4, box * 0.4, height * 0.05));
        canvas.setStroke(new BasicStroke(1.4f));
        line(canvas, x + box * 0.35, trolley, x + 3, y);
        line(canvas, x + box * 0.65, trolley, x + box - 3, y);
        container(canvas, x, y, box, tall, BOXES[0]);
        canvas.dispose();
        return picture;
    }

    private static void container(Graphics2D canvas, double x, double y, double wide, double tall, Color color) {
        canvas.setColor(color);
        canvas.fill(new Rectangle2D.Double(x, y, wide, tall - 1));
        canvas.setColor(color.darker());
        canvas.setStroke(new BasicStroke(1f));
        for (int i = 1; i < 8; i++) {
            line(canvas, x + wide * i / 8, y + 2, x + wide * i / 8, y + tall - 3);
        }
    }

    static void writeVideo(int width, int height, int frames, Path file) throws IOException {
        Path folder = Files.createTempDirectory("longshore-sample-");
        PreviewParts parts = new PreviewParts(new FolderFileStore(folder), "parts");
        PreviewParts.Piece piece = new PreviewParts.Piece();
        for (int frame = 0; frame < frames; frame++) {
            piece.add(craneAt((double) frame / frames, width, height));
        }
        parts.keep(0, piece);
        parts.joinInto(file, 1, width, height, FRAMES_PER_SECOND);
        parts.delete(1);
    }

    private static void writeJpeg(BufferedImage picture, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(0.88f);
        Files.deleteIfExists(file);
        try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), quality);
        } finally {
            writer.dispose();
        }
    }

    static String sales() {
        String[] ports = {"Hamburg", "Rotterdam", "Gdańsk", "Malmö"};
        String[] services = {"Berth", "Crane hours", "Storage, cold", "Storage, dry", "Pilot", "Bunker \"green\""};
        double[] prices = {840, 215, 64.5, 22.75, 390, 512.4};
        Random random = new Random(2026);
        StringBuilder csv = new StringBuilder("Date,Port,Service,Units,Revenue\r\n");
        LocalDate day = LocalDate.of(2026, 1, 2);
        for (int row = 0; row < 120; row++) {
            int port = random.nextInt(10) < 6 ? random.nextInt(2) : random.nextInt(4);
            int service = random.nextInt(services.length);
            int units = 1 + random.nextInt(24);
            BigDecimal revenue = BigDecimal.valueOf(units * prices[service] * (0.9 + 0.2 * random.nextDouble()))
                    .setScale(2, RoundingMode.HALF_UP);
            csv.append(day)
                    .append(',')
                    .append(ports[port])
                    .append(',')
                    .append(quoted(services[service]))
                    .append(',')
                    .append(units)
                    .append(',')
                    .append(revenue)
                    .append("\r\n");
            day = day.plusDays(1 + random.nextInt(2));
        }
        return csv.toString();
    }

    private static String quoted(String value) {
        return value.contains(",") || value.contains("\"") ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private static Graphics2D smooth(BufferedImage picture) {
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return canvas;
    }

    private static void line(Graphics2D canvas, double x1, double y1, double x2, double y2) {
        canvas.draw(new java.awt.geom.Line2D.Double(x1, y1, x2, y2));
    }

    private static double smoothStep(double x) {
        double t = Math.clamp(x, 0.0, 1.0);
        return t * t * (3 - 2 * t);
    }

    private static int clamp(int value) {
        return Math.clamp(value, 0, 255);
    }
}
