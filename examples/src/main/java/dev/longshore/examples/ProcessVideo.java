package dev.longshore.examples;

import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code process-video}: a poster (PNG) and a watermarked preview (MP4) of an MP4, in pure Java.
 *
 * <p>The preview shows the first {@value #LONGEST_SECONDS} seconds, at most {@value #WIDEST} pixels wide, upright,
 * without sound. The poster is the frame at a fifth of the film, at most 1280 pixels wide. Reads H.264 of 8 bit 4:2:0
 * in files of at most 250 MB; what JCodec cannot decode is discarded.
 *
 * <p>The preview grows in pieces of {@value #PIECE} frames. Each piece is kept in the file store and then noted as a
 * checkpoint, so that a later attempt starts behind the last whole piece.
 */
public final class ProcessVideo implements TaskHandler<ProcessVideo.Request, ProcessVideo.Result> {
    /** How much of the film the preview shows, in seconds. */
    public static final int LONGEST_SECONDS = 60;

    /** The preview's greatest width, in pixels. */
    public static final int WIDEST = 640;

    /** How many frames of work a crash can cost. */
    static final int PIECE = 50;

    private static final int WIDEST_POSTER = 1280;
    private static final double POSTER_AT = 0.2;
    private static final long LARGEST_FILE = 250L * 1024 * 1024;

    private final FileStore files;
    private final StoredFiles inputs;

    /** The formats a preview can have. */
    public enum Format {
        /** H.264 in MP4. */
        mp4
    }

    /**
     * What to make.
     *
     * @param file the film's name in the file store
     * @param format the preview's format
     * @param watermark 1 to 80 characters
     */
    public record Request(String file, Format format, String watermark) {
        public Request {
            FileNames.require(file);
            new Watermark(watermark);
        }
    }

    /**
     * What was made.
     *
     * @param poster a name in the file store
     * @param preview a name in the file store
     * @param frames how many frames the preview has
     * @param seconds how long the preview is
     */
    public record Result(String poster, String preview, int frames, double seconds) {}

    /**
     * How far an attempt came.
     *
     * @param pieces how many are kept
     * @param frames how many frames they hold
     * @param result there when all is done
     */
    record Cursor(int pieces, int frames, @Nullable Result result) {}

    public ProcessVideo(FileStore files) {
        this.files = files;
        this.inputs = new StoredFiles(files);
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, InterruptedException {
        Cursor cursor = job.checkpoint(Cursor.class).orElse(null);
        PreviewParts parts = new PreviewParts(files, folder(job));
        if (cursor != null && cursor.result() != null) {
            parts.delete(cursor.pieces()); // an attempt that crashed may have left them
            return cursor.result();
        }
        Path film = Files.createTempFile("longshore-film-", ".mp4");
        try {
            inputs.copy(request.file(), film, LARGEST_FILE, job);
            return process(film, cursor, parts, request, job);
        } catch (VideoSource.Unreadable e) {
            throw job.discard(String.valueOf(e.getMessage()));
        } finally {
            Files.deleteIfExists(film);
        }
    }

    private static String folder(JobContext job) {
        return "videos/" + job.id();
    }

    private Result process(Path film, @Nullable Cursor cursor, PreviewParts parts, Request request, JobContext job)
            throws IOException, InterruptedException, VideoSource.Unreadable {
        String folder = folder(job);
        try (VideoSource source = VideoSource.open(film)) {
            if (cursor == null) {
                writePoster(source, folder + "/poster.png");
                job.checkpoint(new Cursor(0, 0, null));
            }
            Cursor done = encode(source, parts, cursor == null ? new Cursor(0, 0, null) : cursor, request, job);
            Result result = join(source, parts, done, folder);
            // Another worker may have the job by now: this throws before its pieces are deleted.
            job.checkpoint(new Cursor(done.pieces(), done.frames(), result));
            parts.delete(done.pieces());
            job.progress(100);
            return result;
        }
    }

    private void writePoster(VideoSource source, String name) throws IOException, VideoSource.Unreadable {
        int at = (int) (source.totalFrames() * POSTER_AT);
        source.seek(at);
        BufferedImage frame = source.next(at);
        if (frame == null) {
            throw new VideoSource.Unreadable(
                    "The video has no frame " + at + ", though it claims " + source.totalFrames());
        }
        files.write(name, Pictures.png(fitted(frame, WIDEST_POSTER)));
    }

    private Cursor encode(VideoSource source, PreviewParts parts, Cursor from, Request request, JobContext job)
            throws IOException, InterruptedException, VideoSource.Unreadable {
        int wanted = wantedFrames(source);
        Watermark watermark = new Watermark(request.watermark());
        Cursor cursor = from;
        source.seek(cursor.frames());
        while (cursor.frames() < wanted) {
            PreviewParts.Piece piece = new PreviewParts.Piece();
            int size = Math.min(PIECE, wanted - cursor.frames());
            while (piece.frames() < size) {
                lookUp(parts, cursor, job);
                BufferedImage frame = source.next(cursor.frames() + piece.frames());
                if (frame == null) {
                    break;
                }
                BufferedImage small = fitted(frame, WIDEST);
                watermark.drawOn(small);
                piece.add(small);
                int done = cursor.frames() + piece.frames();
                job.progress(Math.min(99, done * 100 / wanted), "frame " + done + " of " + wanted);
            }
            if (piece.frames() == 0) {
                break;
            }
            parts.keep(cursor.pieces(), piece);
            cursor = new Cursor(cursor.pieces() + 1, cursor.frames() + piece.frames(), null);
            job.checkpoint(cursor);
        }
        return cursor;
    }

    private static int wantedFrames(VideoSource source) {
        long most = Math.max(1, Math.round(source.framesPerSecond() * LONGEST_SECONDS));
        return (int) Math.min(most, source.totalFrames());
    }

    private static void lookUp(PreviewParts parts, Cursor cursor, JobContext job)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(
                    "interrupted between two frames; the next attempt continues from the checkpoint");
        }
        if (job.cancelRequested()) {
            parts.delete(cursor.pieces());
            throw job.cancelled();
        }
    }

    private Result join(VideoSource source, PreviewParts parts, Cursor done, String folder)
            throws IOException, VideoSource.Unreadable {
        source.seek(0);
        BufferedImage first = source.next(0);
        if (first == null || done.frames() == 0) {
            throw new VideoSource.Unreadable("The video has no frame that can be decoded");
        }
        BufferedImage sized = fitted(first, WIDEST);
        Path preview = Files.createTempFile("longshore-preview-", ".mp4");
        try {
            parts.joinInto(preview, done.pieces(), sized.getWidth(), sized.getHeight(), source.framesPerSecond());
            files.write(folder + "/preview.mp4", preview);
        } finally {
            Files.deleteIfExists(preview);
        }
        double seconds = Math.round(done.frames() / source.framesPerSecond() * 100) / 100.0;
        return new Result(folder + "/poster.png", folder + "/preview.mp4", done.frames(), seconds);
    }

    /** At most this wide; both sides even, as 4:2:0 wants them. */
    private static BufferedImage fitted(BufferedImage frame, int widest) {
        int width = Math.min(widest, frame.getWidth());
        int height = (int) Math.round((double) frame.getHeight() * width / frame.getWidth());
        return Pictures.scale(frame, Math.max(2, width & ~1), Math.max(2, height & ~1));
    }
}
