package dev.longshore.api;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.operatorlog.OperatorLog.Entry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an operator's call into the operators' log: as requested before it is answered, with its outcome after it. When the
 * first cannot be written the call is 503 and nothing was done; when the second cannot, the entry says that its outcome is
 * unknown. Of a request it keeps the path alone, never a body.
 */
final class Logged {
    private static final int INTERNAL = 500;
    private static final int UNAVAILABLE = 503;
    private static final Logger LOG = LoggerFactory.getLogger(Logged.class);

    private final Engines engines;
    private final OperatorLog log;
    private final WriteTokens tokens;

    Logged(Engines engines) {
        this.engines = engines;
        this.log = engines.operatorLog();
        this.tokens = new WriteTokens(engines.random());
    }

    Router.Answerer around(String call, Router.Answerer answerer) {
        return (request, id, caller) -> {
            Entry entry = asked(call, id, caller);
            log.write(entry);
            try {
                HttpResponse response = answerer.answer(request, id, caller);
                ended(entry, response.status(), response.headers().get("Location"));
                return response;
            } catch (Problem problem) {
                ended(entry, problem.status(), null);
                throw problem;
            } catch (RuntimeException e) {
                ended(entry, e instanceof StoreUnavailableException ? UNAVAILABLE : INTERNAL, null);
                throw e;
            }
        };
    }

    private Entry asked(String call, String id, ApiKey caller) {
        Instant now = Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
        return new Entry(now, tokens.next(), caller.id(), call, id.isEmpty() ? null : Problem.cut(id), null);
    }

    private void ended(Entry entry, int status, @Nullable String madeAt) {
        try {
            log.write(entry.ended(status, madeAt));
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log(
                            "The operators' log does not say how {} of key {} ended: with {}",
                            entry.action(),
                            entry.keyId(),
                            status);
        }
    }
}
