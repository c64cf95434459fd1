package dev.longshore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.longshore.task.JobSignal;
import dev.longshore.testkit.LongshoreTest;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendEmailsTest {
    private final GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private final RecordingJobContext job = new RecordingJobContext("send-emails");
    private SendEmails handler;

    @BeforeEach
    void startServer() {
        mail.start();
        handler = new SendEmails(
                ExampleSettings.none()
                        .mailingThrough("127.0.0.1", mail.getSmtp().getPort()),
                job);
    }

    @AfterEach
    void stopServer() {
        mail.stop();
    }

    @Test
    void eachRecipientGetsAMailOfTheirOwn() throws Exception {
        SendEmails.Result result = handler.handle(
                request(
                        "Ahoy {{name}}",
                        "Dear {{ name }},\nberth {{berth}} is yours. {{address}}\n",
                        new SendEmails.Recipient("ann@example.com", "Änn", Map.of("berth", "7 {{name}} $1")),
                        new SendEmails.Recipient("bo@example.com", "Bo", Map.of("berth", "8"))),
                job);

        assertThat(result).isEqualTo(new SendEmails.Result(2, List.of()));
        MimeMessage first = mail.getReceivedMessages()[0];
        assertThat(first.getSubject()).isEqualTo("Ahoy Änn");
        assertThat(first.getContent().toString())
                .isEqualToNormalizingNewlines("Dear Änn,\nberth 7 {{name}} $1 is yours. ann@example.com");
        assertThat(first.getAllRecipients()).hasSize(1);
        assertThat(first.getSentDate()).isEqualTo(job.now);
        assertThat(job.progress).containsExactly(50, 100);
        assertThat(job.progressTexts).containsExactly("recipient 1 of 2", "recipient 2 of 2");
    }

    @Test
    void noRecipientGetsAMailTwiceWhenAnAttemptFailsInTheMiddle() throws Exception {
        SendEmails.Request request = toNumbered(6);
        job.failOnCheckpoint = 3;
        assertThatThrownBy(() -> handler.handle(request, job)).isInstanceOf(IllegalStateException.class);
        assertThat(job.checkpoints).hasSize(2);

        SendEmails.Result result = handler.handle(request, job.again());

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
        job.timeLeft = () -> job.checkpoints.size() % 4 == 3 ? SendEmails.ONE_MAIL.minusMillis(1) : SendEmails.ONE_MAIL;
        int continuations = 0;
        SendEmails.Result result = null;

        while (result == null) {
            try {
                result = handler.handle(request, job);
            } catch (JobSignal.Continue next) {
                assertThat(next.cursor().text()).isEqualTo(job.checkpoints.getLast());
                continuations++;
            }
        }

        assertThat(continuations).isEqualTo(2);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(result.sent()).isEqualTo(10);
        assertThat(receivedIds()).hasSize(10).doesNotHaveDuplicates();
        assertThat(job.progress).isSorted().endsWith(100);
    }

    @Test
    void anInvocationThatBeginsWithLittleTimeStillSendsOneMail() throws Exception {
        job.timeLeft = () -> Duration.ofSeconds(5);

        assertThatThrownBy(() -> handler.handle(toNumbered(3), job)).isInstanceOf(JobSignal.Continue.class);

        assertThat(receivedIds()).hasSize(1);
    }

    @Test
    void aJobThatWasDoneAlreadySendsNothingMore() throws Exception {
        SendEmails.Request request = toNumbered(3);
        handler.handle(request, job);

        assertThat(handler.handle(request, job.again()).sent()).isEqualTo(3);
        assertThat(receivedIds()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void anAddressThatIsListedTwiceGetsOneMail() throws Exception {
        SendEmails.Result result = handler.handle(
                request(
                        "s",
                        "t",
                        recipient("ann@example.com"),
                        recipient("bo@example.com"),
                        recipient("ANN@example.com")),
                job);

        assertThat(result.sent()).isEqualTo(2);
        assertThat(mail.getReceivedMessages()).hasSize(2);
    }

    @Test
    void aRefusedRecipientIsReportedAndTheOthersGetTheirMail() throws Exception {
        try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
            server.answerTo("gone@example.com", "550 no such mailbox");
            SendEmails.Result result = at(server)
                    .handle(
                            request(
                                    "s",
                                    "t",
                                    recipient("ann@example.com"),
                                    recipient("gone@example.com"),
                                    recipient("bo@example.com")),
                            job);

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
            assertThatThrownBy(() -> at(server).handle(request, job)).hasMessageContaining("put off 1 of 3 recipients");

            server.answerTo("grey@example.com", "250 welcome");
            assertThat(at(server).handle(request, job.again())).isEqualTo(new SendEmails.Result(3, List.of()));
            assertThat(server.taken()).containsExactly("ann@example.com", "bo@example.com", "grey@example.com");
        }
    }

    @Test
    void aBrokenConnectionEndsTheAttemptAndTheNextContinues() throws Exception {
        SendEmails.Request request = toNumbered(4);
        try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
            server.answerTo("user2@example.com", "421 closing");
            assertThatThrownBy(() -> at(server).handle(request, job)).isInstanceOf(MessagingException.class);

            server.answerTo("user2@example.com", "250 ok");
            assertThat(at(server).handle(request, job.again()).sent()).isEqualTo(4);
            assertThat(server.taken())
                    .containsExactly(
                            "user0@example.com", "user1@example.com", "user2@example.com", "user3@example.com");
        }
    }

    @Test
    void anUnreachableServerIsWorthAnotherAttempt() {
        int port = mail.getSmtp().getPort();
        mail.stop();

        assertThatThrownBy(() -> new SendEmails(ExampleSettings.none().mailingThrough("127.0.0.1", port), job)
                        .handle(toNumbered(1), job))
                .isInstanceOf(MessagingException.class);
    }

    @Test
    void withoutAServerTheJobIsDiscarded() {
        assertThatThrownBy(() -> new SendEmails(ExampleSettings.none(), job).handle(toNumbered(1), job))
                .isInstanceOf(JobSignal.Discard.class)
                .hasMessageContaining("LONGSHORE_SMTP=host:port");
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
        job.checkpoint(cursor); // refuses more than 16 KB
        assertThat(job.checkpoint(SendEmails.Cursor.class)).contains(cursor);
    }

    private SendEmails at(ScriptedSmtpServer server) {
        return new SendEmails(ExampleSettings.none().mailingThrough("127.0.0.1", server.port()), job);
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
