package dev.longshore.examples;

import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import dev.longshore.task.JobContext;
import dev.longshore.task.ShortText;
import dev.longshore.task.TaskHandler;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;

/**
 * {@code rebuild-contact-sheet}: one PNG with small copies of all pictures of an album, six in a row, stored as {@code
 * sheets/<job id>.png}.
 *
 * <p>Every picture that is put into an album enqueues it, with all pictures of the album. The task is unique by its album and
 * replaces: ten pictures put in within seconds are one run, for the last list of them.
 */
public final class ContactSheet implements TaskHandler<ContactSheet.Request, ContactSheet.Result> {
    private static final int MOST_PICTURES = 60;
    private static final int LONGEST_ALBUM = 80;
    private static final int LARGEST_FILE = 20 * 1024 * 1024;
    private static final int COLUMNS = 6;
    private static final int CELL = 160;
    private static final int MARGIN = 8;

    private final FileStore files;
    private final StoredFiles inputs;

    /**
     * All pictures of an album.
     *
     * @param album 1 to 80 characters
     * @param pictures 1 to 60 names in the file store, in the order of the sheet
     */
    public record Request(String album, List<String> pictures) {
        public Request {
            if (album.isBlank() || ShortText.length(album) > LONGEST_ALBUM) {
                throw new IllegalArgumentException("album takes 1 to " + LONGEST_ALBUM
                        + " characters, not only blanks, and got " + ShortText.length(album));
            }
            if (pictures.isEmpty() || pictures.size() > MOST_PICTURES) {
                throw new IllegalArgumentException(
                        "pictures takes 1 to " + MOST_PICTURES + " names, and got " + pictures.size());
            }
            pictures.forEach(FileNames::require);
            pictures = List.copyOf(pictures);
        }
    }

    /**
     * What was made.
     *
     * @param file the PNG's name in the file store
     */
    public record Result(String file, int pictures, int width, int height) {}

    public ContactSheet(FileStore files) {
        this.files = files;
        this.inputs = new StoredFiles(files);
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException {
        int count = request.pictures().size();
        int columns = Math.min(COLUMNS, count);
        int rows = (count + COLUMNS - 1) / COLUMNS;
        BufferedImage sheet = new BufferedImage(
                columns * (CELL + MARGIN) + MARGIN, rows * (CELL + MARGIN) + MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = sheet.createGraphics();
        try {
            canvas.setColor(Color.WHITE);
            canvas.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            for (int i = 0; i < count; i++) {
                BufferedImage small = small(request.pictures().get(i), job);
                int x = MARGIN + i % COLUMNS * (CELL + MARGIN) + (CELL - small.getWidth()) / 2;
                int y = MARGIN + i / COLUMNS * (CELL + MARGIN) + (CELL - small.getHeight()) / 2;
                canvas.drawImage(small, x, y, null);
                job.progress((i + 1) * 90 / count);
            }
        } finally {
            canvas.dispose();
        }
        String name = "sheets/" + job.id() + ".png";
        files.write(name, Pictures.png(sheet));
        return new Result(name, count, sheet.getWidth(), sheet.getHeight());
    }

    /** The picture within a cell, its proportions kept. */
    private BufferedImage small(String name, JobContext job) throws IOException {
        BufferedImage picture;
        try {
            picture = Pictures.read(inputs.read(name, LARGEST_FILE, job), CELL);
        } catch (Pictures.Unreadable e) {
            throw job.discard(name + ": " + e.getMessage());
        }
        double scale = Math.min((double) CELL / picture.getWidth(), (double) CELL / picture.getHeight());
        return Pictures.scale(picture, Math.max(1, (int) (picture.getWidth() * scale)), Math.max(1, (int)
                (picture.getHeight() * scale)));
    }
}
