package dev.longshore.examples;

import dev.longshore.task.FileStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.common.Codec;
import org.jcodec.common.MuxerTrack;
import org.jcodec.common.VideoCodecMeta;
import org.jcodec.common.VideoEncoder;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Size;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/**
 * A preview in the making: pieces of H.264, each in a file of its own and starting with a key frame, so that an attempt
 * can continue after the last piece that an earlier one finished. In the end they are joined to an MP4.
 *
 * <p>A piece is, per frame: length (4 bytes), 1 or 0 for a key frame or not, then the frame as Annex B byte stream.
 */
final class PreviewParts {
    private static final int TICKS_PER_SECOND = 90_000;

    private final FileStore files;
    private final String folder;

    PreviewParts(FileStore files, String folder) {
        this.files = files;
        this.folder = folder;
    }

    /** Encodes pictures of one size into one piece. */
    static final class Piece {
        private final H264Encoder encoder = H264Encoder.createH264Encoder();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(content);
        private int frames;

        void add(BufferedImage image) throws IOException {
            Picture frame = FrameColors.toFrame(image);
            VideoEncoder.EncodedFrame encoded =
                    encoder.encodeFrame(frame, ByteBuffer.allocate(encoder.estimateBufferSize(frame)));
            byte[] bytes = NIOUtils.toArray(encoded.getData());
            out.writeInt(bytes.length);
            out.writeBoolean(encoded.isKeyFrame());
            out.write(bytes);
            frames++;
        }

        int frames() {
            return frames;
        }
    }

    void keep(int number, Piece piece) throws IOException {
        files.write(name(number), piece.content.toByteArray());
    }

    /** Joins pieces 0 to {@code count - 1}. */
    void joinInto(Path mp4, int count, int width, int height, double framesPerSecond) throws IOException {
        try (SeekableByteChannel out = NIOUtils.writableChannel(mp4.toFile())) {
            MP4Muxer muxer = MP4Muxer.createMP4MuxerToChannel(out);
            MuxerTrack track = muxer.addVideoTrack(
                    Codec.H264, VideoCodecMeta.createSimpleVideoCodecMeta(new Size(width, height), ColorSpace.YUV420J));
            long ticks = Math.max(1, Math.round(TICKS_PER_SECOND / framesPerSecond));
            int frame = 0;
            for (int number = 0; number < count; number++) {
                frame = append(number, track, frame, ticks);
            }
            muxer.finish();
        }
    }

    private int append(int number, MuxerTrack track, int firstFrame, long ticks) throws IOException {
        int frame = firstFrame;
        try (DataInputStream piece = new DataInputStream(files.read(name(number)))) {
            for (int length = lengthOrEnd(piece); length >= 0; length = lengthOrEnd(piece)) {
                Packet.FrameType type = piece.readBoolean() ? Packet.FrameType.KEY : Packet.FrameType.INTER;
                ByteBuffer data = ByteBuffer.wrap(piece.readNBytes(length));
                track.addFrame(Packet.createPacket(data, frame * ticks, TICKS_PER_SECOND, ticks, frame, type, null));
                frame++;
            }
        }
        return frame;
    }

    private static int lengthOrEnd(DataInputStream piece) throws IOException {
        try {
            return piece.readInt();
        } catch (EOFException e) {
            return -1;
        }
    }

    void delete(int count) throws IOException {
        for (int number = 0; number < count; number++) {
            files.delete(name(number));
        }
    }

    private String name(int number) {
        return folder + "/part-" + number + ".h264";
    }
}
