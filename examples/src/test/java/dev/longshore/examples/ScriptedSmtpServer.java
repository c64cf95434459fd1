package dev.longshore.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SMTP server that answers to recipients as a test says, which GreenMail cannot. */
final class ScriptedSmtpServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();

    ScriptedSmtpServer() throws IOException {
        Thread.startVirtualThread(this::acceptAll);
    }

    void answerTo(String recipient, String answer) {
        answers.put(recipient, answer);
    }

    /** Who got a mail, in order. */
    List<String> taken() {
        return List.copyOf(taken);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                serve(connection);
            } catch (IOException e) {
                // the client or the test has gone; the next one may come
            }
        }
    }

    private void serve(Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = connection.getOutputStream();
        say(out, "220 scripted");
        String recipient = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer = "250 ok";
            if (line.startsWith("RCPT TO:<")) {
                recipient = line.substring(9, line.indexOf('>'));
                answer = answers.getOrDefault(recipient, "250 ok");
            } else if (line.equals("DATA")) {
                say(out, "354 send the mail");
                while (!".".equals(in.readLine())) {
                    // the mail itself is of no interest
                }
                taken.add(recipient);
            } else if (line.equals("QUIT")) {
                say(out, "221 bye");
                return;
            }
            say(out, answer);
            if (answer.startsWith("421")) {
                return;
            }
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
