package com.centrovision.sync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class ConfigFileTest {
    private static final String REQUIRED =
            """
            [supabase]
            url = "https://clinic.example/"
            service_key = "sb_secret_1"
            [local_postgres]
            password = "pässword {{x}}"
            """;

    private static final String CHANNELS =
            """
            [alerts]
            quiet_hours = "22:00-06:00"
            ping_url = "https://ping.example/h00k"
            [alerts_mail]
            host = "smtp.example"
            port = 465
            security = "tls"
            user = "u"
            from = "a@b.hn"
            to = "c@d.hn, e@f.hn"
            [alerts_webhook]
            url = "https://hook.example/h00k"
            min_severity = "critical"
            [alerts_telegram]
            token = "1:t3le"
            chat_id = "-100"
            [alerts_whatsapp]
            token = "wh4ts"
            phone_number_id = "555"
            to = "+504 9999-9999"
            """;

    @TempDir
    Path folder;

    @Test
    void takesTheDefaultsOfTheSpecification() throws IOException {
        var config = ConfigFile.read(file(REQUIRED), Map.of());

        assertEquals(
                new Config(
                        new Config.Supabase(URI.create("https://clinic.example"), "sb_secret_1"),
                        new Config.LocalPostgres(
                                "localhost", 5432, "centrovision", "centrovision_app", "pässword {{x}}"),
                        new Config.Sync(
                                Duration.ofSeconds(30),
                                CloudMode.AUTO,
                                100,
                                3,
                                Duration.ofSeconds(5),
                                1000,
                                Duration.ofMinutes(5),
                                4,
                                32),
                        new Config.Reconcile(Duration.ofMinutes(5), 2, 50, 5),
                        new Config.Keep(7, 30, 365),
                        new Config.Logging(Level.INFO, Path.of("/var/log/centrovision-sync/sync.log"), 10, 5),
                        Alerts.defaults(),
                        new Config.Console("127.0.0.1", 8087, Optional.empty(), Optional.empty())),
                config);
    }

    @Test
    void readsWhatIsWrittenInsteadOfTheDefaults() throws IOException {
        var config = ConfigFile.read(
                file(REQUIRED + "port = 5433\n[sync]\ninterval_seconds = 5\n[logging]\nlevel = \"warn\"\n"), Map.of());

        assertEquals(5433, config.localPostgres().port());
        assertEquals(Duration.ofSeconds(5), config.sync().interval());
        assertEquals(Level.WARN, config.logging().level());
    }

    @Test
    void readsWhichFilesAreKept() throws IOException {
        var written = REQUIRED + "[storage]\nenabled = true\nbuckets = \"estudios, informes 2\"\n"
                + "night_window = \"20:00-06:00\"\nmax_bandwidth_kbps = 4000\n";

        var storage = ConfigFile.read(file(written), Map.of("CENTROVISION_STORAGE_MAX_FILE_MB", "50"))
                .storage();

        assertTrue(storage.enabled());
        assertEquals(List.of("estudios", "informes 2"), storage.buckets());
        assertEquals(4000, storage.maxBandwidthKbps());
        assertEquals(50, storage.maxFileMb());
        assertTrue(storage.nightWindow().isPresent());
    }

    @Test
    void noBucketHasTheNameOfOurOwnFolder() throws IOException {
        var found = problems(file(REQUIRED + "[storage]\nbuckets = \".Centrovision\"\n"), Map.of());

        assertTrue(found.get(0).startsWith("CV-CONFIG-05"), found::toString);
    }

    @Test
    void letsAVariableStandAboveTheFile() throws IOException {
        var config = ConfigFile.read(
                file(REQUIRED + "port = 5433\n"),
                Map.of("CENTROVISION_LOCAL_POSTGRES_PORT", "5434", "CENTROVISION_SUPABASE_SERVICE_KEY", "other"));

        assertEquals(5434, config.localPostgres().port());
        assertEquals("other", config.supabase().serviceKey());
    }

    @Test
    void takesAnEmptyVariableAsNoVariable() throws IOException {
        var config = ConfigFile.read(file(REQUIRED), Map.of("CENTROVISION_SUPABASE_SERVICE_KEY", ""));

        assertEquals("sb_secret_1", config.supabase().serviceKey());
    }

    @Test
    void neverShowsWhatOpensTheConsole() throws IOException {
        var console = ConfigFile.read(
                        file(
                                REQUIRED
                                        + """
                                [console]
                                host = "0.0.0.0"
                                token = "0123456789abcdef"
                                tls_file = "/etc/clinic.p12"
                                tls_password = "p12"
                                """),
                        Map.of())
                .console();

        assertEquals("0123456789abcdef", console.token().orElseThrow());
        assertEquals("Console[0.0.0.0:8087]", console.toString());
        assertEquals("Tls[/etc/clinic.p12]", console.tls().orElseThrow().toString());
    }

    @Test
    void readsTheChannelsOfAlerts() throws IOException {
        var alerts = ConfigFile.read(
                        file(REQUIRED + CHANNELS),
                        Map.of(
                                "CENTROVISION_ALERTS_WEBHOOK_SECRET",
                                "w3b",
                                "CENTROVISION_ALERTS_MAIL_PASSWORD",
                                "m4il"))
                .alerts();

        assertEquals("m4il", alerts.mail().orElseThrow().login().orElseThrow().password());
        assertEquals(465, alerts.mail().orElseThrow().port());
        assertEquals(Alerts.Security.TLS, alerts.mail().orElseThrow().security());
        assertEquals(Severity.CRITICAL, alerts.webhook().orElseThrow().minSeverity());
        assertEquals("50499999999", alerts.whatsapp().orElseThrow().to());
        assertEquals("-100", alerts.telegram().orElseThrow().chatId());
        assertTrue(alerts.quietHours().isPresent());
        assertFalse(alerts.toString().matches(".*(w3b|m4il|t3le|wh4ts|h00k).*"), alerts::toString);
    }

    @Test
    void namesWhatAChannelLacks() throws IOException {
        var lines = problems(
                file(
                        REQUIRED
                                + """
                        [alerts_mail]
                        host = "smtp.example"
                        user = "u"
                        [alerts_webhook]
                        url = "https://hook.example/x"
                        [alerts_telegram]
                        chat_id = "1"
                        [alerts_whatsapp]
                        template = "t"
                        """),
                Map.of());

        assertEquals(
                List.of(
                        "alerts_mail.from",
                        "alerts_mail.to",
                        "alerts_mail.password",
                        "alerts_webhook.secret",
                        "alerts_telegram.token",
                        "alerts_whatsapp.token",
                        "alerts_whatsapp.phone_number_id",
                        "alerts_whatsapp.to"),
                lines.stream()
                        .map(line -> line.replaceFirst(".*?(alerts_\\w+\\.\\w+).*", "$1"))
                        .toList());
    }

    @Test
    void neverShowsASecret() throws IOException {
        var shown = ConfigFile.read(file(REQUIRED), Map.of()).toString();

        assertFalse(shown.contains("sb_secret_1") || shown.contains("pässword"), shown);
    }

    @Test
    void saysWhatToCopyWhenThereIsNoFile() {
        var lines = problems(folder.resolve("config.toml"), Map.of());

        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("CV-CONFIG-01 There is no " + folder.resolve("config.toml")));
        assertTrue(lines.get(0).contains("Copy " + folder.resolve("config.toml.example")));
    }

    @Test
    void saysWhereTheFileCannotBeReadWithoutRepeatingIt() throws IOException {
        var lines = problems(file("[supabase]\nservice_key = eyJsecret\n"), Map.of());

        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("CV-CONFIG-02 config.toml, line 2, column 15: "), lines.get(0));
        assertFalse(lines.get(0).contains("eyJ"), lines.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a = 1\na = 2",
                "\"",
                "[[[[",
                "= 3",
                "[supabase]\n[supabase]\n",
                "\u0000",
                "a = 99999999999999999999"
            })
    void answersAnyMalformedFileWithOneLine(String content) throws IOException {
        assertEquals(
                1,
                problems(file(content), Map.of()).stream()
                        .filter(line -> line.startsWith("CV-CONFIG-02"))
                        .count());
    }

    @Test
    void answersNestingWithoutEndWithOneLine() throws IOException {
        var lines = problems(file("a = " + "[".repeat(100_000)), Map.of());

        assertTrue(
                lines.get(0)
                        .endsWith("nests too many brackets. Check the name and the permissions of the file,"
                                + " or copy the example again."),
                lines.get(0));
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() throws IOException {
        var lines = problems(
                file(
                        """
                        [supabase]
                        url = "https://clinic.example"
                        servise_key = "x"
                        [postgres]
                        [sync]
                        url = "x"
                        batch_size = "100"
                        interval_seconds = 0
                        """),
                Map.of("CENTROVISION_LOGGING_MAX_FILES", "many"));

        assertEquals(
                List.of(
                        "CV-CONFIG-04 config.toml, line 3: there is no supabase.servise_key. Did you mean service_key?",
                        "CV-CONFIG-03 config.toml, line 4: there is no section [postgres]. Did you mean [local_postgres]?",
                        "CV-CONFIG-04 config.toml, line 6: there is no sync.url. Did you mean supabase.url?",
                        "CV-CONFIG-06 config.toml: supabase.service_key is missing. The project's service_role or"
                                + " sb_secret_… key; never the anon key. Write it in section [supabase] or in the"
                                + " variable CENTROVISION_SUPABASE_SERVICE_KEY.",
                        "CV-CONFIG-06 config.toml: local_postgres.password is missing. That user's password. Write it in"
                                + " section [local_postgres] or in the variable CENTROVISION_LOCAL_POSTGRES_PASSWORD.",
                        "CV-CONFIG-05 config.toml, line 8: sync.interval_seconds cannot be 0. Write a whole number from 1"
                                + " to 86400, without quotes.",
                        "CV-CONFIG-05 config.toml, line 7: sync.batch_size cannot be \"100\". Write a whole number from 1"
                                + " to 10000, without quotes.",
                        "CV-CONFIG-07 The variable CENTROVISION_LOGGING_MAX_FILES cannot be \"many\". Write a whole number"
                                + " from 2 to 20, without quotes, or remove the variable."),
                lines);
    }

    @Test
    void suggestsASectionForAKeyOutsideOfAll() throws IOException {
        assertTrue(problems(file("url = \"x\"\n" + REQUIRED), Map.of())
                .get(0)
                .startsWith("CV-CONFIG-04 config.toml, line 1: there is no url. Did you mean supabase.url?"));
    }

    @Test
    void refusesASectionThatIsNotOne() throws IOException {
        assertTrue(problems(file(REQUIRED + "[[sync]]\n"), Map.of()).get(0).startsWith("CV-CONFIG-0"));
    }

    @Test
    void neverRepeatsASecretThatIsWrong() throws IOException {
        var inFile = problems(file("[supabase]\nservice_key = \"sb_ñ_1\"\n"), Map.of());
        var inVariable = problems(file(REQUIRED), Map.of("CENTROVISION_SUPABASE_SERVICE_KEY", "sb_ñ_1"));
        var inAnotherKey = problems(file("[supabase]\nurl = \"sb_ñ_1\"\n"), Map.of());

        for (var lines : List.of(inFile, inVariable, inAnotherKey)) {
            assertTrue(lines.stream().anyMatch(line -> line.contains("cannot be what is written")), lines::toString);
            assertFalse(lines.toString().contains("sb_ñ_1"), lines::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[sync]\nbatch_size = 1.5",
                "[sync]\nbatch_size = true",
                "[sync]\nbatch_size = [1]",
                "[sync]\nbatch_size = {a = 1}",
                "[sync]\nbatch_size = 9999999999",
                "[local_postgres]\nport = 65536",
                "[local_postgres]\nhost = 5432",
                "[local_postgres]\nhost = \"my host\"",
                "[local_postgres]\ndatabase = \" \"",
                "[logging]\nlevel = \"trace\"",
                "[logging]\nfile = \"/\"",
                "[logging]\nfile = \"\""
            })
    void refusesAValueThatDoesNotFit(String content) throws IOException {
        var environment = Map.of(
                "CENTROVISION_SUPABASE_URL", "https://clinic.example",
                "CENTROVISION_SUPABASE_SERVICE_KEY", "key",
                "CENTROVISION_LOCAL_POSTGRES_PASSWORD", "secret");

        var lines = problems(file(content), environment);

        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("CV-CONFIG-05 config.toml, line 2: "), lines::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clinic.example",
                "ftp://clinic.example",
                "https://",
                "https://clinic.example/rest/v1",
                "https://clinic.example?x=1",
                "https://me@clinic.example",
                "https://clinic.example:99999",
                "https://clinic example"
            })
    void refusesAnAddressThatIsNotABaseAddress(String address) throws IOException {
        var lines = problems(file(REQUIRED), Map.of("CENTROVISION_SUPABASE_URL", address));

        assertTrue(lines.get(0).startsWith("CV-CONFIG-07 The variable CENTROVISION_SUPABASE_URL"), lines::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:54321", "https://clinic.example", "http://[::1]:8080"})
    void takesABaseAddressWithOrWithoutASlash(String address) throws IOException {
        var variable = Map.of("CENTROVISION_SUPABASE_URL", address + "/");

        assertEquals(
                URI.create(address),
                ConfigFile.read(file(REQUIRED), variable).supabase().url());
    }

    @Test
    void readsAFileSavedByWindows() throws IOException {
        var config = ConfigFile.read(file("\uFEFF" + REQUIRED.replace("\n", "\r\n")), Map.of());

        assertEquals("sb_secret_1", config.supabase().serviceKey());
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        var latin = Files.write(folder.resolve("latin.toml"), new byte[] {'#', (byte) 0xf1});
        var huge = Files.write(folder.resolve("huge.toml"), new byte[(1 << 20) + 1]);

        assertEquals(
                "CV-CONFIG-08 " + latin + " cannot be read: it is not saved as UTF-8. Check the name"
                        + " and the permissions of the file, or copy the example again.",
                problems(latin, Map.of()).get(0));
        assertTrue(problems(huge, Map.of()).get(0).contains("larger than 1 MB"));
        assertTrue(problems(folder, Map.of()).get(0).contains("it is a folder"));
    }

    @Test
    void warnsAboutSecretsThatEverybodyCanRead() throws IOException {
        var file = file(REQUIRED);
        assumeTrue(Files.getFileStore(file).supportsFileAttributeView("posix"), "needs POSIX rights");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(ConfigFile.isReadableByOthers(file));
        assertEquals(
                file + " holds keys and every user of this machine can read it. Run: chmod o-r " + file,
                ConfigFile.warnings(file, Map.of()).get(0).in(Locale.ENGLISH));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(List.of(), ConfigFile.warnings(file, Map.of()));
    }

    @Test
    void warnsAboutAVariableThatLooksLikeAKey() {
        var environment = Map.of(
                "CENTROVISION_SUPABASE_KEY", "x",
                "CENTROVISION_SYNC_HOME", "/opt",
                "CENTROVISION_SYNC_LANG", "es",
                "CENTROVISION_SYNC_BATCH_SIZE", "5",
                "CENTROVISION_OTHER_THING", "x");

        assertEquals(
                List.of("The variable CENTROVISION_SUPABASE_KEY is not used. Did you mean"
                        + " CENTROVISION_SUPABASE_URL?"),
                ConfigFile.warnings(folder.resolve("none"), environment).stream()
                        .map(warning -> warning.in(Locale.ENGLISH))
                        .toList());
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("config.toml"), content);
    }

    private static List<String> problems(Path file, Map<String, String> environment) {
        return assertThrows(Problem.class, () -> ConfigFile.read(file, environment))
                .lines(Locale.ENGLISH);
    }
}
