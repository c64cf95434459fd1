package dev.longshore.demo;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes the first bytes of a response and hangs up on the rest. */
final class LimitedBody implements HttpResponse.BodySubscriber<LimitedBody.Received> {
    private final int limit;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /**
     * What came.
     *
     * @param truncated whether there was more
     */
    record Received(ByteBuffer content, boolean truncated) {}

    LimitedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<Received> getBody() {
        return received;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int room = limit - content.size();
            byte[] taken = new byte[Math.min(room, buffer.remaining())];
            buffer.get(taken);
            content.writeBytes(taken);
            if (buffer.hasRemaining()) {
                received.complete(new Received(ByteBuffer.wrap(content.toByteArray()), true));
                if (subscription != null) {
                    subscription.cancel();
                }
                return;
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        received.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        received.complete(new Received(ByteBuffer.wrap(content.toByteArray()), false));
    }
}
