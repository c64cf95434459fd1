package dev.longshore.local;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder$;
import org.elasticmq.util.NowProvider;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.util.Either;
import scalikejdbc.ConnectionPool$;

/**
 * ElasticMQ (the SQS wire protocol) in this JVM, on a free loopback port, its queues and messages in an H2 file.
 *
 * <p>Only one may be open at a time in a JVM: ElasticMQ's SQL store uses ScalikeJDBC's process-wide connection pool.
 */
final class EmbeddedSqs implements AutoCloseable {

    private static final AtomicBoolean OPEN = new AtomicBoolean();
    private static final String PEKKO = """
            pekko {
              loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              loglevel = WARNING
              stdout-loglevel = OFF, log-dead-letters = off
              daemonic = on
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              http.server.request-timeout = 25s  # a long poll lasts up to 20 s
            }
            """;

    private final ActorSystem actors;
    private final SQSRestServer server;
    private final URI endpoint;

    private EmbeddedSqs(ActorSystem actors, SQSRestServer server) {
        this.actors = actors;
        this.server = server;
        this.endpoint = URI.create(
                "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    }

    static EmbeddedSqs start(Path data) {
        if (!OPEN.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a Longshore runtime is already open in this JVM; close it before starting another");
        }
        // WRITE_DELAY=0: a commit is in the file before its sender is answered; H2's default is up to 500 ms later.
        var url = "jdbc:h2:file:" + data.toAbsolutePath().resolve("sqs") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        var database = new SqlQueuePersistenceConfig(true, "org.h2.Driver", url, "sa", "", false);
        var loader = EmbeddedSqs.class.getClassLoader();
        var actors = ActorSystem.create(
                "elasticmq", ConfigFactory.parseString(PEKKO).withFallback(ConfigFactory.load(loader)), loader);
        try {
            openPool(database);
            var store = actors.actorOf(Props.create(SqlQueuePersistenceActor.class, database, Nil$.MODULE$));
            var queues = actors.actorOf(Props.create(
                    QueueManagerActor.class, new NowProvider(), StrictSQSLimits$.MODULE$, Option.apply(store)));
            restore(store, queues);
            return new EmbeddedSqs(
                    actors,
                    SQSRestServerBuilder$.MODULE$
                            .withActorSystem(actors)
                            .withQueueManagerActor(queues)
                            .withQueueEventListener(store)
                            .withInterface("127.0.0.1")
                            .withDynamicPort()
                            .start());
        } catch (RuntimeException e) {
            stop(actors);
            throw e;
        }
    }

    URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        server.stopAndGetFuture().apply(); // stopping the actors ends open long polls
        stop(actors);
    }

    /** ElasticMQ itself opens the pool on a JVM's first start only; a locked or damaged file must fail here at once. */
    private static void openPool(SqlQueuePersistenceConfig database) {
        var pools = ConnectionPool$.MODULE$;
        var settings = pools.singleton$default$4();
        pools.singleton(
                database.uri(),
                database.username(),
                database.password(),
                settings,
                pools.singleton$default$5(database.uri(), database.username(), database.password(), settings));
        try {
            pools.borrow(pools.borrow$default$1()).close();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot open the queues' file " + database.uri()
                            + ": another Longshore runs on this folder, or the file is damaged",
                    e);
        }
    }

    /** Waits until every queue and message is back; ElasticMQ's own server opens its port while still restoring. */
    private static void restore(ActorRef store, ActorRef queues) {
        var done = Patterns.ask(store, new QueueEvent.Restore(queues), Duration.ofMinutes(2))
                .toCompletableFuture();
        if (done.join() instanceof Either<?, ?> result && result.isLeft()) {
            throw new IllegalStateException("ElasticMQ could not restore its queues: " + result);
        }
    }

    private static void stop(ActorSystem actors) {
        actors.terminate();
        actors.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        ConnectionPool$.MODULE$.closeAll(); // the last connection to close closes the H2 file
        OPEN.set(false);
    }
}
