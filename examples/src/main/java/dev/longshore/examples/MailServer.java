package dev.longshore.examples;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** One connection to an SMTP server (RFC 5321), for one mail after the other. */
final class MailServer implements AutoCloseable {
    private static final String CONNECT_MILLIS = "10000";
    private static final String ANSWER_MILLIS = "20000";
    private static final int SERVICE_CLOSES = 421;

    private final Session session;
    private final Transport transport;
    private final String sender;

    /** One mail. */
    record Mail(String address, String name, String subject, String text, String messageId, Instant at) {}

    private MailServer(Session session, Transport transport, String sender) {
        this.session = session;
        this.transport = transport;
        this.sender = sender;
    }

    static MailServer connect(ExampleSettings.SmtpServer server, String sender) throws MessagingException {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", server.host());
        settings.put("mail.smtp.port", Integer.toString(server.port()));
        settings.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        settings.put("mail.smtp.timeout", ANSWER_MILLIS);
        settings.put("mail.smtp.writetimeout", ANSWER_MILLIS);
        settings.put("mail.smtp.starttls.enable", "true");
        // The answer to QUIT changes nothing
        settings.put("mail.smtp.quitwait", "false");
        Session session = Session.getInstance(settings);
        Transport transport = session.getTransport("smtp");
        transport.connect();
        return new MailServer(session, transport, sender);
    }

    /**
     * Hands one mail in.
     *
     * @return 250, or the code (400 to 599) with which the server refused this mail or its recipient
     * @throws MessagingException when the connection is broken, or the server closes it (421)
     */
    int send(Mail mail) throws MessagingException {
        InternetAddress recipient = address(mail);
        try {
            transport.sendMessage(message(mail, recipient), new Address[] {recipient});
            return 250;
        } catch (SendFailedException e) {
            int code = refusal(e);
            if (code < 400 || code == SERVICE_CLOSES) {
                throw e;
            }
            return code;
        }
    }

    private MimeMessage message(Mail mail, InternetAddress recipient) throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", mail.messageId());
            }
        };
        message.setFrom(new InternetAddress(sender));
        message.setRecipient(Message.RecipientType.TO, recipient);
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(mail.at()));
        message.saveChanges();
        return message;
    }

    private static InternetAddress address(Mail mail) throws MessagingException {
        InternetAddress recipient = new InternetAddress(mail.address(), true);
        try {
            recipient.setPersonal(mail.name().isEmpty() ? null : mail.name(), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is always there", e);
        }
        return recipient;
    }

    /** The server's code, somewhere in the chain that Angus makes of it; 0 when it gave none. */
    private static int refusal(MessagingException failure) {
        for (Exception e = failure; e instanceof MessagingException mail; e = mail.getNextException()) {
            int code = switch (mail) {
                case SMTPAddressFailedException refused -> refused.getReturnCode();
                case SMTPSenderFailedException sender -> 0; // our own address: no recipient's fault
                case SMTPSendFailedException refused -> refused.getReturnCode();
                default -> 0;
            };
            if (code >= 400) {
                return code;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        try {
            transport.close();
        } catch (MessagingException e) {
            // Every mail has its answer already; nothing hangs on the goodbye.
        }
    }
}
