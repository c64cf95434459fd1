package dev.longshore.examples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.api.PictureWithMetadata;
import org.jcodec.common.DemuxerTrackMeta;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.common.model.Size;
import org.jcodec.scale.AWTUtil;
import org.jspecify.annotations.Nullable;

/** An MP4 whose pictures are taken one by one, upright. Not safe for use by several threads. */
final class VideoSource implements AutoCloseable {
    /** The most pixels a frame may have: 4096 x 2304. */
    static final long MOST_PIXELS = 4096L * 2304;

    private final SeekableByteChannel file;
    private final FrameGrab frames;
    private final int totalFrames;
    private final double seconds;

    /** A film that no attempt can read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    private VideoSource(SeekableByteChannel file, FrameGrab frames, DemuxerTrackMeta track) {
        this.file = file;
        this.frames = frames;
        this.totalFrames = track.getTotalFrames();
        this.seconds = track.getTotalDuration();
    }

    static VideoSource open(Path mp4) throws IOException, Unreadable {
        SeekableByteChannel file = NIOUtils.readableChannel(mp4.toFile());
        try {
            FrameGrab frames = FrameGrab.createFrameGrab(file);
            DemuxerTrackMeta track = frames.getVideoTrack().getMeta();
            requireDecent(track);
            return new VideoSource(file, frames, track);
        } catch (JCodecException | RuntimeException e) {
            // JCodec meets files it does not know with exceptions of all kinds
            file.close();
            throw new Unreadable(
                    "The file is no MP4 with H.264 video (" + e.getClass().getSimpleName() + ")");
        } catch (IOException | Unreadable e) {
            file.close();
            throw e;
        }
    }

    private static void requireDecent(DemuxerTrackMeta track) throws Unreadable {
        Size size = track.getVideoCodecMeta() == null
                ? null
                : track.getVideoCodecMeta().getSize();
        if (size == null || track.getTotalFrames() < 1 || !(track.getTotalDuration() > 0)) {
            throw new Unreadable("The file's video has no size, no frame or no duration");
        }
        if ((long) size.getWidth() * size.getHeight() > MOST_PIXELS) {
            throw new Unreadable("The video has " + size.getWidth() + " x " + size.getHeight()
                    + " pixels a frame; at most " + MOST_PIXELS + " in all are read");
        }
    }

    int totalFrames() {
        return totalFrames;
    }

    double seconds() {
        return seconds;
    }

    double framesPerSecond() {
        return totalFrames / seconds;
    }

    void seek(int frame) throws IOException, Unreadable {
        try {
            frames.seekToFramePrecise(frame);
        } catch (JCodecException | RuntimeException e) {
            throw undecodable(frame, e);
        }
    }

    /** The next picture, or null behind the last. */
    @Nullable
    BufferedImage next(int frame) throws IOException, Unreadable {
        try {
            PictureWithMetadata taken = frames.getNativeFrameWithMetadata();
            return taken == null || taken.getPicture() == null
                    ? null
                    : upright(FrameColors.toImage(taken.getPicture()), taken.getOrientation());
        } catch (RuntimeException e) {
            throw undecodable(frame, e);
        }
    }

    /** Phones film as they are held, and note how that was. */
    private static BufferedImage upright(BufferedImage frame, DemuxerTrackMeta.@Nullable Orientation held) {
        return switch (held) {
            case D_90 -> AWTUtil.rotate90ToRight(frame);
            case D_180 -> AWTUtil.rotate180(frame);
            case D_270 -> AWTUtil.rotate90ToLeft(frame);
            case D_0 -> frame;
            case null -> frame;
        };
    }

    private Unreadable undecodable(int frame, Exception cause) {
        return new Unreadable("Frame " + frame + " of " + totalFrames + " cannot be decoded ("
                + cause.getClass().getSimpleName() + "); encode the video as H.264, 4:2:0, 8 bit");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
