package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code alerts test}, without a database and without a service. */
class AlertsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void settings() throws IOException {
        configure("");
    }

    private void configure(String channels) throws IOException {
        Files.writeString(
                folder.resolve("config.toml"),
                """
                [supabase]
                url = "https://example.supabase.co"
                service_key = "sb_secret_none"
                [local_postgres]
                port = 1
                password = "x"
                """
                        + channels);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var environment = Map.of(
                "CENTROVISION_SYNC_HOME", Path.of("").toAbsolutePath().toString(), "CENTROVISION_SYNC_LANG", "en");
        var all = new String[arguments.length + 2];
        all[0] = "--config";
        all[1] = folder.resolve("config.toml").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return new Cli(environment)
                .commandLine(Cli.commands())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    @Test
    void saysOfEachChannelWhetherItTookTheMessage() throws IOException {
        try (var receiver = new Receiver()) {
            configure(
                    """
                    [alerts_mail]
                    host = "127.0.0.1"
                    port = 1
                    from = "a@b.hn"
                    to = "c@d.hn"
                    [alerts_webhook]
                    url = "%s/x"
                    secret = "s"
                    """
                            .formatted(receiver.address()));

            assertEquals(1, run("alerts", "test"));
            assertEquals(
                    "mail: not sent (nobody answers there: look at host, port and the internet (no-answer ConnectException)).\nwebhook: sent.\n",
                    out.toString().replace("\r", ""));
            assertEquals(0, run("alerts", "test", "--channel", "webhook"));
            assertEquals(2, receiver.received().size());
            assertEquals(2, run("alerts", "test", "--channel", "telegram"));
            assertTrue(err.toString().contains("Configured: mail, webhook"), err::toString);
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertEquals(1, run("alerts", "test"));
        assertTrue(out.toString().startsWith("No channel is configured"), out::toString);
        assertEquals(3, run("alerts", "list"));

        configure("[alerts_webhook]\nurl = \"https://x.example/y\"\n");
        assertEquals(2, run("alerts", "test"));
        assertTrue(err.toString().contains("alerts_webhook.secret"), err::toString);
    }
}
