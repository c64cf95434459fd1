package dev.longshore.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code send-emails}: one template to many recipients by SMTP, each of whom gets it once.
 *
 * <p>After each recipient the place in the list is kept with the job, so that another attempt continues after the last
 * one that the server took. When the time gets short, the job continues in a next invocation and uses up no attempt, so a
 * list may take longer than Lambda's 15 minutes. An address that is listed twice, in whatever case, gets one mail.
 *
 * <p><b>Refusals.</b> A recipient whom the server refuses for good (5xx) is noted in the result, and the others get
 * their mail. One whom it puts off (4xx, as greylisting does) is tried again in the next attempt, after the others. A
 * broken connection ends the attempt; the next one continues.
 *
 * <p><b>What cannot be excluded.</b> SMTP has no transactions: when a worker dies between the server's "250" and the
 * checkpoint, that one mail, and no other, is handed in again. Its {@code Message-ID} is made of the job's id and the
 * address, hence the same both times, and mail systems that drop doubles know it by that.
 */
public final class SendEmails implements TaskHandler<SendEmails.Request, SendEmails.Result> {
    /** The most recipients of one job: so many that the list of those refused fits into a checkpoint of 16 KB. */
    public static final int MOST_RECIPIENTS = 500;

    /** What one mail may take: a slow server's answers, one by one. When less is left, a next invocation sends it. */
    static final Duration ONE_MAIL = Duration.ofSeconds(30);

    private final ExampleSettings settings;
    private final InstantSource clock;

    /**
     * A mailing. Each placeholder of the template needs a value for each recipient.
     *
     * @param template its subject and text
     * @param recipients 1 to 500
     */
    public record Request(MailTemplate template, List<Recipient> recipients) {
        public Request {
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty() || recipients.size() > MOST_RECIPIENTS) {
                throw new IllegalArgumentException(
                        "recipients takes 1 to " + MOST_RECIPIENTS + ", and got " + recipients.size());
            }
            for (int i = 0; i < recipients.size(); i++) {
                requireFits(template, recipients.get(i), "recipients[" + i + "]");
            }
        }

        private static void requireFits(MailTemplate template, Recipient recipient, String place) {
            Map<String, String> values = recipient.allValues();
            for (String name : template.placeholders()) {
                if (!values.containsKey(name)) {
                    throw new IllegalArgumentException(
                            "The template uses {{" + name + "}}, and " + place + " has no such value");
                }
            }
            MailTemplate.requireOneLine("The subject for " + place, template.subjectFor(values));
        }
    }

    /**
     * Who gets the mail.
     *
     * @param address a bare address, as in ann@example.com
     * @param name how the person is called: goes with the address, and replaces {{name}}
     * @param values what replaces the other placeholders; {{address}} has a value already
     */
    public record Recipient(
            String address, @Nullable String name, @Nullable Map<String, String> values) {
        public Recipient {
            if (!isBareAddress(address)) {
                throw new IllegalArgumentException(
                        "address takes one bare mail address of at most 254 characters, as in ann@example.com");
            }
            if (name != null) {
                MailTemplate.requireOneLine("name", name);
            }
            values = values == null ? null : Map.copyOf(values);
        }

        Map<String, String> allValues() {
            Map<String, String> all = new HashMap<>();
            all.put("address", address);
            if (name != null) {
                all.put("name", name);
            }
            if (values != null) {
                all.putAll(values);
            }
            return all;
        }

        private static boolean isBareAddress(String address) {
            try {
                new InternetAddress(address, true).validate();
                return address.length() <= 254
                        && address.indexOf('@') > 0
                        && address.chars().noneMatch(c -> Character.isISOControl(c) || " <>,;:".indexOf(c) >= 0);
            } catch (AddressException e) {
                return false;
            }
        }
    }

    /**
     * How it went.
     *
     * @param sent how many mails the server took
     * @param refused whom it refused for good; left out when there are none
     */
    public record Result(
            int sent,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Refused> refused) {}

    /**
     * A recipient whom the server does not take.
     *
     * @param code the server's answer, 500 to 599
     */
    public record Refused(String address, int code) {}

    /**
     * How far the list is done.
     *
     * @param next the first who was not tried yet
     * @param sent how many mails were taken
     * @param refused who was refused for good
     * @param later whom the server put off: places in the list
     */
    record Cursor(int next, int sent, List<Gone> refused, List<Integer> later) {
        static final Cursor START = new Cursor(0, 0, List.of(), List.of());

        Cursor after(int place, int code) {
            List<Integer> waiting = new ArrayList<>(later);
            waiting.remove((Integer) place);
            List<Gone> gone = new ArrayList<>(refused);
            if (code >= 500) {
                gone.add(new Gone(place, code));
            } else if (code >= 400) {
                waiting.add(place);
            }
            return new Cursor(Math.max(next, place + 1), code < 400 ? sent + 1 : sent, gone, waiting);
        }
    }

    /**
     * One who was refused.
     *
     * @param place in the list
     */
    record Gone(int place, int code) {}

    public SendEmails(ExampleSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Result handle(Request request, JobContext job) throws MessagingException, IOException, InterruptedException {
        if (settings.smtp() == null) {
            throw job.discard("No SMTP server is set, so nothing can be sent; set LONGSHORE_SMTP=host:port");
        }
        Cursor start = job.checkpoint(Cursor.class).orElse(Cursor.START);
        Cursor cursor = start;
        List<Integer> places = open(cursor, request.recipients());
        try (MailServer server = MailServer.connect(settings.smtp(), settings.mailFrom())) {
            for (int place : places) {
                lookUp(job);
                if (!cursor.equals(start) && job.timeLeft().compareTo(ONE_MAIL) < 0) {
                    throw job.continueWith(cursor);
                }
                int code = server.send(mail(request, place, job));
                cursor = cursor.after(place, code);
                job.checkpoint(cursor);
                int recipients = request.recipients().size();
                job.progress(
                        (int) (cursor.next() * 100L / recipients), "recipient " + cursor.next() + " of " + recipients);
            }
        } catch (MessagingException e) {
            lookUp(job); // an interrupted thread sees its connection close
            throw e;
        }
        if (!cursor.later().isEmpty()) {
            throw new IOException("The mail server put off " + cursor.later().size() + " of "
                    + request.recipients().size() + " recipients (4xx); the next attempt tries these again");
        }
        return result(cursor, request.recipients());
    }

    /** Who is still to get the mail: the rest of the list without doubles, then those put off. */
    private static List<Integer> open(Cursor cursor, List<Recipient> recipients) {
        List<Integer> places = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int place = 0; place < recipients.size(); place++) {
            boolean first = seen.add(recipients.get(place).address().toLowerCase(Locale.ROOT));
            if (first && place >= cursor.next()) {
                places.add(place);
            }
        }
        places.addAll(cursor.later());
        return places;
    }

    private static void lookUp(JobContext job) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(
                    "interrupted between two mails; the next attempt continues from the checkpoint");
        }
        if (job.cancelRequested()) {
            throw job.cancelled();
        }
    }

    private MailServer.Mail mail(Request request, int place, JobContext job) {
        Recipient recipient = request.recipients().get(place);
        Map<String, String> values = recipient.allValues();
        return new MailServer.Mail(
                recipient.address(),
                recipient.name() == null ? "" : recipient.name(),
                request.template().subjectFor(values),
                request.template().textFor(values),
                messageId(job.id(), recipient.address()),
                clock.instant());
    }

    /** The same for the same job and recipient, whichever attempt sends it. */
    static String messageId(String jobId, String address) {
        String both = jobId + " " + address.toLowerCase(Locale.ROOT);
        return "<" + UUID.nameUUIDFromBytes(both.getBytes(StandardCharsets.UTF_8)) + "@longshore>";
    }

    private static Result result(Cursor cursor, List<Recipient> recipients) {
        return new Result(
                cursor.sent(),
                cursor.refused().stream()
                        .map(gone -> new Refused(recipients.get(gone.place()).address(), gone.code()))
                        .toList());
    }
}
