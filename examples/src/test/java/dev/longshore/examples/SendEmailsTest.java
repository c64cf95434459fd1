package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.longshore.testkit.HandlerEnd;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendEmailsTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

    private final GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private SendEmails handler;
    private HandlerRun<SendEmails.Request, SendEmails.Result> run;

    @BeforeEach
    void startServer() {
        mail.start();
        handler = new SendEmails(
                ExampleSettings.none()
                        .mailingThrough("127.0.0.1", mail.getSmtp().getPort()),
                NOON);
        run = HandlerRun.of(handler);
    }

    @AfterEach
    void stopServer() {
        mail.stop();
    }

    @Test
    void eachRecipientGetsAMailOfTheirOwn() throws Exception {
        HandlerEnd<SendEmails.Result> end = run.run(request(
                "Ahoy {{name}}",
                "Dear {{ name }},\nberth {{berth}} is yours. {{address}}\n",
                new SendEmails.Recipient("ann@example.com", "Änn", Map.of("berth", "7 {{name}} $1")),
                new SendEmails.Recipient("bo@example.com", "Bo", Map.of("berth", "8"))));

        assertThat(end).returned(new SendEmails.Result(2, List.of()));
        MimeMessage first = mail.getReceivedMessages()[0];
        assertThat(first.getSubject()).isEqualTo("Ahoy Änn");
        assertThat(first.getContent().toString())
                .isEqualToNormalizingNewlines("Dear Änn,\nberth 7 {{name}} $1 is yours. ann@example.com");
        assertThat(first.getAllRecipients()).hasSize(1);
        assertThat(first.getSentDate()).isEqualTo(NOON.instant());
        assertThat(run.progress()).containsExactly(50, 100);
        assertThat(run.progressTexts()).containsExactly("recipient 1 of 2", "recipient 2 of 2");
    }

    @Test
    void noRecipientGetsAMailTwiceWhenAnAttemptFailsInTheMiddle() throws Exception {
        SendEmails.Request request = toNumbered(6);
        assertThat(run.crashBeforeCheckpoint(3).run(request)).crashed();
        assertThat(run.checkpoints(SendEmails.Cursor.class)).hasSize(2);

        SendEmails.Result result = run.run(request).result();

        assertThat(result.sent()).isEqualTo(6);
        // the worker died between the server's 250 and the checkpoint: that one mail, with the same Message-ID
        List<String> received = receivedIds();
        assertThat(received).hasSize(7);
        assertThat(received.stream().distinct()).hasSize(6);
        assertThat(received.get(2)).isEqualTo(received.get(3));
    }

    /** A mail that is handed in again has the same Message-ID, by which mail systems drop it. */
    @Test
    void aCrashAtAnyPlaceMakesNoOtherMail() {
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("send-emails", SendEmails.Request.class, handler));

        jobs.crashEverywhere("send-emails", toNumbered(3), this::takeIds);
    }

    private Set<String> takeIds() {
        try {
            Set<String> ids = Set.copyOf(receivedIds());
            mail.purgeEmailFromAllMailboxes();
            return ids;
        } catch (MessagingException | FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whenTheTimeGetsShortANextInvocationContinuesAndEachRecipientGetsOne() throws Exception {
        SendEmails.Request request = toNumbered(10);
        run.timeLeft(() -> run.checkpoints(SendEmails.Cursor.class).size() % 4 == 3
                ? SendEmails.ONE_MAIL.minusMillis(1)
                : SendEmails.ONE_MAIL);

        for (int continuation = 1; continuation <= 2; continuation++) {
            assertThat(run.run(request))
                    .continuesFrom(run.checkpoints(SendEmails.Cursor.class).getLast());
        }

        assertThat(run.run(request)).returned(new SendEmails.Result(10, List.of()));
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(receivedIds()).hasSize(10).doesNotHaveDuplicates();
        assertThat(run.progress()).isSorted().endsWith(100);
    }

    @Test
    void anInvocationThatBeginsWithLittleTimeStillSendsOneMail() throws Exception {
        assertThat(run.timeLeft(Duration.ofSeconds(5)).run(toNumbered(3))).continues();

        assertThat(receivedIds()).hasSize(1);
    }

    @Test
    void aJobThatWasDoneAlreadySendsNothingMore() throws Exception {
        SendEmails.Request request = toNumbered(3);
        assertThat(run.run(request)).returned(new SendEmails.Result(3, List.of()));

        assertThat(run.run(request).result().sent()).isEqualTo(3);
        assertThat(receivedIds()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void anAddressThatIsListedTwiceGetsOneMail() throws Exception {
        SendEmails.Result result = run.run(request(
                        "s",
                        "t",
                        recipient("ann@example.com"),
                        recipient("bo@example.com"),
                        recipient("ANN@example.com")))
                .result();

        assertThat(result.sent()).isEqualTo(2);
        assertThat(mail.getReceivedMessages()).hasSize(2);
    }

    @Test
    void aRefusedRecipientIsReportedAndTheOthersGetTheirMail() throws Exception {
        try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
            server.answerTo("gone@example.com", "550 no such mailbox");
            SendEmails.Result result = at(server)
                    .run(request(
                            "s",
                            "t",
                            recipient("ann@example.com"),
                            recipient("gone@example.com"),
                            recipient("bo@example.com")))
                    .result();

            assertThat(result.sent()).isEqualTo(2);
            assertThat(result.refused()).containsExactly(new SendEmails.Refused("gone@example.com", 550));
            assertThat(server.taken()).containsExactly("ann@example.com", "bo@example.com");
        }
    }

    @Test
    void aRecipientWhoIsPutOffIsTriedAgainAfterTheOthers() throws Exception {
        SendEmails.Request request = request(
                "s", "t", recipient("grey@example.com"), recipient("ann@example.com"), recipient("bo@example.com"));
        try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
            server.answerTo("grey@example.com", "450 come back later");
            HandlerRun<SendEmails.Request, SendEmails.Result> greylisted = at(server);
            assertThat(greylisted.run(request))
                    .failedWith(IOException.class)
                    .withErrorContaining("put off 1 of 3 recipients");

            server.answerTo("grey@example.com", "250 welcome");
            assertThat(greylisted.run(request)).returned(new SendEmails.Result(3, List.of()));
            assertThat(server.taken()).containsExactly("ann@example.com", "bo@example.com", "grey@example.com");
        }
    }

    @Test
    void aBrokenConnectionEndsTheAttemptAndTheNextContinues() throws Exception {
        SendEmails.Request request = toNumbered(4);
        try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
            server.answerTo("user2@example.com", "421 closing");
            HandlerRun<SendEmails.Request, SendEmails.Result> broken = at(server);
            assertThat(broken.run(request)).failedWith(MessagingException.class);

            server.answerTo("user2@example.com", "250 ok");
            assertThat(broken.run(request).result().sent()).isEqualTo(4);
            assertThat(server.taken())
                    .containsExactly(
                            "user0@example.com", "user1@example.com", "user2@example.com", "user3@example.com");
        }
    }

    @Test
    void anUnreachableServerIsWorthAnotherAttempt() {
        int port = mail.getSmtp().getPort();
        mail.stop();

        assertThat(HandlerRun.of(new SendEmails(ExampleSettings.none().mailingThrough("127.0.0.1", port), NOON))
                        .run(toNumbered(1)))
                .failedWith(MessagingException.class);
    }

    @Test
    void withoutAServerTheJobIsDiscarded() {
        assertThat(HandlerRun.of(new SendEmails(ExampleSettings.none(), NOON)).run(toNumbered(1)))
                .discardedBecause("LONGSHORE_SMTP=host:port");
    }

    @Test
    void nothingFromAPayloadBecomesAHeaderOfItsOwn() {
        assertThatThrownBy(() -> new MailTemplate("Hi\r\nBcc: all@example.com", "t"))
                .hasMessageContaining("one line");
        assertThatThrownBy(() -> new SendEmails.Recipient("a@example.com", "A\nBcc: b@example.com", null))
                .hasMessageContaining("name takes one line");
        assertThatThrownBy(() -> recipient("a@example.com\r\nBcc: b@example.com"))
                .hasMessageContaining("bare mail");
        assertThatThrownBy(() -> recipient("a@example.com, b@example.com")).hasMessageContaining("bare mail");
        assertThatThrownBy(() -> recipient("A <a@example.com>")).hasMessageContaining("bare mail");
        assertThatThrownBy(() -> request(
                        "Hi {{x}}",
                        "t",
                        new SendEmails.Recipient("a@example.com", null, Map.of("x", "\nBcc: b@example.com"))))
                .hasMessageContaining("The subject for recipients[0]");
    }

    @Test
    void aTemplatesPartsAreAsLongAsTheirLimitInCodePoints() {
        String ship = "\ud83d\udea2";

        assertThat(new MailTemplate(ship.repeat(500), "t").subject()).hasSize(1_000);
        assertThatThrownBy(() -> new MailTemplate(ship.repeat(501), "t")).hasMessageContaining("got 501");
    }

    @Test
    void eachPlaceholderNeedsAValueForEachRecipient() {
        assertThatThrownBy(() -> request("Hi", "{{city}}", recipient("a@example.com")))
                .hasMessage("The template uses {{city}}, and recipients[0] has no such value");
    }

    @Test
    void theLongestListFitsIntoACheckpoint() {
        SendEmails.Cursor cursor = SendEmails.Cursor.START;
        for (int place = 0; place < SendEmails.MOST_RECIPIENTS; place++) {
            cursor = cursor.after(place, 550);
        }
        SendEmails.Cursor longest = cursor;
        HandlerRun<SendEmails.Request, SendEmails.Cursor> keeps = HandlerRun.of((request, job) -> {
            job.checkpoint(longest); // refuses more than 16 KB
            return job.checkpoint(SendEmails.Cursor.class).orElseThrow();
        });

        assertThat(keeps.run(toNumbered(1))).returned(longest);
    }

    private static HandlerRun<SendEmails.Request, SendEmails.Result> at(ScriptedSmtpServer server) {
        return HandlerRun.of(new SendEmails(ExampleSettings.none().mailingThrough("127.0.0.1", server.port()), NOON));
    }

    private List<String> receivedIds() throws MessagingException {
        List<String> ids = new ArrayList<>();
        for (MimeMessage message : mail.getReceivedMessages()) {
            ids.add(message.getMessageID());
        }
        return ids;
    }

    private static SendEmails.Request toNumbered(int count) {
        SendEmails.Recipient[] all = new SendEmails.Recipient[count];
        for (int i = 0; i < count; i++) {
            all[i] = recipient("user" + i + "@example.com");
        }
        return request("Hello", "Hello {{address}}", all);
    }

    private static SendEmails.Recipient recipient(String address) {
        return new SendEmails.Recipient(address, null, null);
    }

    private static SendEmails.Request request(String subject, String text, SendEmails.Recipient... recipients) {
        return new SendEmails.Request(new MailTemplate(subject, text), List.of(recipients));
    }
}
