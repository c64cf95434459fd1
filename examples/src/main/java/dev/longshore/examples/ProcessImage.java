package dev.longshore.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code process-image}: scales a picture to a width, keeps its proportions, and writes a watermark on it. The result
 * is a PNG: inline when the picture came inline, a file {@code images/<job id>.png} when it came as a file.
 *
 * <p>Reads PNG, JPEG, GIF (its first picture), BMP and TIFF of at most 20 MB and 40 million pixels; the pixels are
 * counted before any is decoded. An inline result is at most {@value #LONGEST_INLINE} characters, since a job's result
 * is at most 256 KB: beyond that the job is discarded, with the advice to send a file.
 */
public final class ProcessImage implements TaskHandler<ProcessImage.Request, ProcessImage.Result> {
    /** The most characters of base64 a result carries; leaves room for the JSON around it. */
    public static final int LONGEST_INLINE = 250_000;

    /** The widest result, in pixels. */
    public static final int WIDEST = 4096;

    private static final int LARGEST_FILE = 20 * 1024 * 1024;
    private static final long MOST_RESULT_PIXELS = (long) WIDEST * WIDEST;

    private final FileStore files;
    private final StoredFiles inputs;

    /**
     * Exactly one of {@code image} and {@code file}.
     *
     * @param image the picture itself, in base64 (RFC 4648, section 4)
     * @param file the picture's name in the file store
     * @param width of the result, 1 to 4096 pixels
     * @param watermark 1 to 80 characters; none when left out
     */
    public record Request(
            @Nullable String image,
            @Nullable String file,
            int width,
            @Nullable String watermark) {
        public Request {
            if ((image == null) == (file == null)) {
                throw new IllegalArgumentException(
                        "Give exactly one of image (base64) and file (a name in the file store)");
            }
            if (width < 1 || width > WIDEST) {
                throw new IllegalArgumentException("width takes 1 to " + WIDEST + " pixels, and got " + width);
            }
            if (file != null) {
                FileNames.require(file);
            }
            if (watermark != null) {
                new Watermark(watermark);
            }
        }

        /** A picture out of the file store. */
        public static Request ofFile(String file, int width, @Nullable String watermark) {
            return new Request(null, file, width, watermark);
        }

        /** A picture that travels in the payload. */
        public static Request ofImage(byte[] image, int width, @Nullable String watermark) {
            return new Request(Base64.getEncoder().encodeToString(image), null, width, watermark);
        }
    }

    /**
     * The PNG, and its size in pixels.
     *
     * @param image in base64, when it came inline
     * @param file its name in the file store, when it came from there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(@Nullable String image, @Nullable String file, int width, int height) {}

    public ProcessImage(FileStore files) {
        this.files = files;
        this.inputs = new StoredFiles(files);
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, InterruptedException {
        BufferedImage source = decode(content(request, job), request.width(), job);
        job.progress(30);
        BufferedImage scaled = Pictures.scale(source, request.width(), height(source, request.width(), job));
        if (request.watermark() != null) {
            new Watermark(request.watermark()).drawOn(scaled);
        }
        job.progress(60);
        byte[] png = Pictures.png(scaled);
        return request.file() == null ? inline(png, scaled, job) : stored(png, scaled, job);
    }

    private byte[] content(Request request, JobContext job) throws IOException {
        if (request.file() != null) {
            return inputs.read(request.file(), LARGEST_FILE, job);
        }
        try {
            return Base64.getDecoder().decode(request.image());
        } catch (IllegalArgumentException e) {
            throw job.discard("image is no base64 (RFC 4648, section 4, without line breaks)");
        }
    }

    private static BufferedImage decode(byte[] content, int width, JobContext job) {
        try {
            return Pictures.read(content, width);
        } catch (Pictures.Unreadable e) {
            throw job.discard(String.valueOf(e.getMessage()));
        }
    }

    private static int height(BufferedImage source, int width, JobContext job) {
        long height = Math.max(1, Math.round((double) source.getHeight() * width / source.getWidth()));
        if (height * width > MOST_RESULT_PIXELS) {
            throw job.discard("The result would have " + width + " x " + height + " pixels; at most "
                    + MOST_RESULT_PIXELS + " in all are made. Request a smaller width");
        }
        return (int) height;
    }

    private static Result inline(byte[] png, BufferedImage picture, JobContext job) {
        String image = Base64.getEncoder().encodeToString(png);
        if (image.length() > LONGEST_INLINE) {
            throw job.discard("The PNG takes " + image.length() + " characters of base64, and an inline result at most "
                    + LONGEST_INLINE + ". Send the picture as file instead of image, or request a smaller width");
        }
        return new Result(image, null, picture.getWidth(), picture.getHeight());
    }

    private Result stored(byte[] png, BufferedImage picture, JobContext job) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the picture was stored");
        }
        String name = "images/" + job.id() + ".png";
        files.write(name, png);
        return new Result(null, name, picture.getWidth(), picture.getHeight());
    }
}
