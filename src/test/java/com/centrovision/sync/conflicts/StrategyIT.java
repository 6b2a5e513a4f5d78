package com.centrovision.sync.conflicts;

import static com.centrovision.sync.conflicts.Settlements.Keep.LOCAL;
import static com.centrovision.sync.conflicts.Settlements.Keep.REMOTE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.centrovision.sync.conflicts.Settlements.Keep;
import com.centrovision.sync.conflicts.Settlements.Verdict;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Protocol 4.4: a table's strategy decides a conflict, or a person does; either way both versions are kept. */
class StrategyIT {
    private static final String HIDDEN = "set session_replication_role = replica; ";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @TempDir
    private Path folder;

    /** A service that knows this table alone, with one row that both sides have. */
    private void start(String strategy) throws IOException, InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        ServiceHome.in(folder).table("crm_leads", "conflicts", strategy);
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (name, phone, source, tags, answers, updated_at)
                        values ('base', '1', 'web', '{a}', '{"x": 1}', now() - interval '1 day')
                        """);
        startService();
        assertEquals(ExitCode.OK, service.pass().exitCode());
    }

    private void startService() {
        service = ClinicService.start(folder, ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** The cloud's edit is there before the clinic's: whenever the service sends that one, it meets the other. */
    private void edit(String inTheCloud, String inTheClinicLater) {
        var known = clinic.count("_conflicts");
        lab.cloud().execute(inTheCloud);
        clinic.execute(inTheClinicLater);
        await().until(() -> clinic.count("_conflicts") > known);
    }

    /** The same, but the clinic's transaction, whose time its edit bears, began before the cloud's edit. */
    private void editEarlier(String inTheClinic, String inTheCloudLater) throws SQLException {
        try (var connection = clinic.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(inTheClinic);
            lab.cloud().execute(inTheCloudLater);
            connection.commit();
        }
        await().until(() -> clinic.count("_conflicts") > 0);
    }

    private void hold() throws IOException, InterruptedException {
        start("manual");
        edit("update crm_leads set name = 'nube', phone = '2'", "update crm_leads set name = 'clínica'");
    }

    private Verdict settle(int conflict, Keep keep) {
        var database = new DriverManagerDataSource(clinic.jdbcUrl(), clinic.user(), clinic.password());
        return new Settlements(new JdbcTemplate(database))
                .settle(conflict, keep, "ana")
                .verdict();
    }

    private static String name(LabDatabase side) {
        return side.value("select name from crm_leads order by created_at limit 1")
                .orElse("gone")
                .toString();
    }

    private String names() {
        return name(clinic) + " " + name(lab.cloud());
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    private List<Map<String, Object>> conflicts() {
        return clinic.query(
                """
                select concat_ws(' ', kind, winner, resolution, resolved_by) as decided,
                  base ->> 'name' as base, local_data ->> 'name' as local, remote_data ->> 'name' as remote,
                  result ->> 'name' as result
                from _conflicts
                order by id
                """);
    }

    private Object decided(int conflict) {
        return conflicts().get(conflict - 1).get("decided");
    }

    @Test
    @Rule("4.4.6")
    void aMergeKeepsTheColumnsThatOneSideChangedAndTheLaterSideDecidesTheOthers()
            throws IOException, InterruptedException {
        start("merge");

        edit(
                "update crm_leads set name = 'nube', phone = '2'",
                "update crm_leads set name = 'clínica', source = 'visita'");

        passMakesEqual();
        assertEquals(
                "clínica 2 visita",
                lab.cloud()
                        .value("select concat_ws(' ', name, phone, source) from crm_leads")
                        .orElseThrow());
        var kept =
                """
                select concat_ws(' ', v ->> 'name', v ->> 'phone', v ->> 'source') as row
                from _conflicts cross join unnest(array[base, local_data, remote_data, result]) with ordinality v (v, place)
                order by place
                """;
        assertEquals(
                List.of("base 1 web", "clínica 1 visita", "nube 2 web", "clínica 2 visita"),
                clinic.query(kept).stream().map(row -> row.get("row")).toList());
        assertEquals("update_update merged merged sync", decided(1));
    }

    @Test
    void aMergeLetsTheCloudDecideWhereItsEditIsLater() throws IOException, InterruptedException, SQLException {
        start("merge");

        editEarlier(
                "update crm_leads set name = 'clínica', source = 'visita'",
                "update crm_leads set name = 'nube', phone = '2'");

        passMakesEqual();
        assertEquals(
                "nube 2 visita",
                lab.cloud()
                        .value("select concat_ws(' ', name, phone, source) from crm_leads")
                        .orElseThrow());
    }

    @Test
    void aMergeTakesAnArrayOrADocumentAsOneValue() throws IOException, InterruptedException {
        start("merge");

        edit(
                "update crm_leads set tags = '{a,nube}', answers = '{\"x\": 1, \"nube\": true}'",
                "update crm_leads set tags = '{a,clínica}', name = 'clínica'");

        passMakesEqual();
        assertEquals(
                "clínica {a,clínica} {\"x\": 1, \"nube\": true}",
                lab.cloud()
                        .value("select concat_ws(' ', name, tags, answers) from crm_leads")
                        .orElseThrow());
    }

    @Test
    @Rule("4.4.7")
    void aHeldRowIsLeftAloneOnBothSidesWhileOthersFlow() throws IOException, InterruptedException {
        hold();
        service.close();
        lab.cloud().execute("update crm_leads set name = 'nube 2'");
        clinic.execute("update crm_leads set name = 'clínica 2'");
        lab.cloud().execute("insert into crm_leads (name, updated_at) values ('otra de la nube', now())");
        clinic.execute("insert into crm_leads (name) values ('otra de la clínica')");

        startService();
        var result = service.pass();

        assertEquals(ExitCode.FINDINGS, result.exitCode());
        assertEquals(1, result.held());
        assertEquals("clínica 2 nube 2", names());
        var others = "select string_agg(name, ', ' order by name) from crm_leads where name like 'otra%'";
        assertEquals("otra de la clínica, otra de la nube", clinic.value(others).orElse(""));
        assertEquals(
                "otra de la clínica, otra de la nube", lab.cloud().value(others).orElse(""));
        assertEquals(1, clinic.count("_conflicts"));
    }

    @Test
    void aHeldRowThatTheClinicHadBeforeStaysHeldThoughTheCloudBecomesEqual() throws IOException, InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        ServiceHome.in(folder).table("crm_leads", "conflicts", "manual");
        for (var side : List.of(clinic, lab.cloud())) {
            side.execute("insert into crm_leads (id, name, created_at, updated_at) values "
                    + "('00000000-0000-0000-0000-0000000000c1', '" + side.name() + "', '2026-01-01Z', now())");
        }
        startService();
        service.pass();
        await().until(() -> clinic.count("_conflicts") == 1);

        lab.cloud().execute("update crm_leads set name = '" + clinic.name() + "'");
        var result = service.pass();

        assertEquals(1, result.held());
        assertEquals("insert_insert", decided(1));
        assertEquals(Verdict.SETTLED, settle(1, LOCAL));
        passMakesEqual();
    }

    @Test
    void manyEditsOfAHeldRowDoNotStandInTheWayOfOthers() throws IOException, InterruptedException {
        hold();
        service.close();
        clinic.execute("do $$ begin for i in 1..1100 loop update crm_leads set phone = i::text; end loop; end $$");
        clinic.execute("insert into crm_leads (name) values ('otra')");

        startService();

        await().until(() ->
                lab.cloud().query("select from crm_leads where name = 'otra'").size() == 1);
    }

    @Test
    void theClinicsVersionGoesUpWhenAPersonKeepsIt() throws IOException, InterruptedException {
        hold();
        assertEquals("clínica nube", names());

        assertEquals(Verdict.SETTLED, settle(1, LOCAL));

        await().until(() -> name(lab.cloud()).equals("clínica"));
        passMakesEqual();
        assertEquals(
                List.of(Map.of(
                        "decided", "update_update local local ana",
                        "base", "base",
                        "local", "clínica",
                        "remote", "nube",
                        "result", "clínica")),
                conflicts());
    }

    @Test
    void theCloudsVersionStandsInTheClinicAtOnceWhenAPersonKeepsIt() throws IOException, InterruptedException {
        hold();

        assertEquals(Verdict.SETTLED, settle(1, REMOTE));

        assertEquals("nube nube", names());
        passMakesEqual();
        assertEquals("update_update remote remote ana", decided(1));
        assertEquals("nube", conflicts().get(0).get("result"));
    }

    @Test
    @Rule("4.4.8")
    void whatTheCloudDidMeanwhileIsHeldAgainWhenTheClinicsVersionIsKept() throws IOException, InterruptedException {
        hold();
        lab.cloud().execute("update crm_leads set name = 'nube 2'");

        settle(1, LOCAL);
        await().until(() -> clinic.count("_conflicts") == 2);

        assertEquals("clínica nube 2", names());
        assertEquals("update_update", decided(2));
        assertEquals("nube", conflicts().get(1).get("base"));
        assertEquals(Verdict.SETTLED, settle(2, LOCAL));
        await().until(() -> name(lab.cloud()).equals("clínica"));
        passMakesEqual();
    }

    @Test
    @Rule("4.4.8")
    void whatTheCloudDidMeanwhileIsFetchedWhenItsVersionIsKept() throws IOException, InterruptedException {
        hold();
        lab.cloud().execute(HIDDEN + "update crm_leads set name = 'nube 2', updated_at = now() - interval '2 days'");
        service.pass();

        settle(1, REMOTE);

        assertEquals("nube nube 2", names());
        passMakesEqual();
    }

    @Test
    @Rule("4.4.8")
    void aPersonIsAskedToLookAgainWhenTheClinicChangedTheHeldRow() throws IOException, InterruptedException {
        hold();
        clinic.execute("update crm_leads set name = 'clínica 2'");

        for (var keep : List.of(REMOTE, LOCAL)) {
            clinic.execute("update crm_leads set name = name || ' y más'");
            assertEquals(Verdict.MOVED, settle(1, keep));
        }

        assertEquals("clínica 2 y más y más nube", names());
        assertEquals("clínica 2 y más y más", conflicts().get(0).get("local"));
        assertEquals("update_update", decided(1));
        assertEquals(Verdict.SETTLED, settle(1, LOCAL));
        await().until(() -> name(lab.cloud()).equals("clínica 2 y más y más"));
        passMakesEqual();
    }

    @Test
    void aRowThatTheCloudDeletesWhileItIsHeldIsHeldAgainAndInsertedWhenAPersonSaysSo()
            throws IOException, InterruptedException {
        hold();
        lab.cloud().execute("delete from crm_leads");

        settle(1, LOCAL);
        await().until(() -> clinic.count("_conflicts") == 2);
        assertEquals("update_delete", decided(2));
        assertEquals("clínica gone", names());
        settle(2, LOCAL);

        await().until(() -> name(lab.cloud()).equals("clínica"));
        passMakesEqual();
    }

    @Test
    void aRowThatTheCloudDeletedIsDeletedInTheClinicWhenAPersonSaysSo() throws IOException, InterruptedException {
        start("manual");
        edit("delete from crm_leads", "update crm_leads set name = 'clínica'");
        assertEquals("clínica gone", names());

        assertEquals(Verdict.SETTLED, settle(1, REMOTE));

        assertEquals("gone gone", names());
        passMakesEqual();
    }

    @Test
    void aRowThatTheClinicDeletedGoesOrComesBackAsAPersonSays() throws IOException, InterruptedException {
        start("manual");
        edit("update crm_leads set name = 'nube'", "delete from crm_leads");
        assertEquals("gone nube", names());

        assertEquals(Verdict.SETTLED, settle(1, REMOTE));
        assertEquals("nube nube", names());
        passMakesEqual();

        edit("update crm_leads set name = 'nube 2'", "delete from crm_leads");
        assertEquals(Verdict.SETTLED, settle(2, LOCAL));
        await().until(() -> names().equals("gone gone"));
        passMakesEqual();
    }

    @Test
    void twoPersonsAtOnceDecideOnce() throws IOException, InterruptedException, ExecutionException {
        hold();
        var persons = Executors.newFixedThreadPool(2);
        try {
            var verdicts =
                    persons
                            .invokeAll(List.<Callable<Verdict>>of(() -> settle(1, REMOTE), () -> settle(1, LOCAL)))
                            .stream()
                            .map(StrategyIT::result)
                            .sorted()
                            .toList();

            assertEquals(List.of(Verdict.SETTLED, Verdict.DECIDED), verdicts);
        } finally {
            persons.shutdownNow();
        }

        passMakesEqual();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aRowThatAProgramHasOpenIsNotDecidedNow() throws IOException, InterruptedException, SQLException {
        hold();

        try (var program = clinic.connect();
                var statement = program.createStatement()) {
            program.setAutoCommit(false);
            statement.execute("update crm_leads set phone = '7'");
            var problem = assertThrows(Problem.class, () -> settle(1, REMOTE));
            assertEquals(ProblemCode.CONFLICT_ROW_BUSY, problem.code());
            program.rollback();
        }

        assertEquals("clínica nube", names());
        assertEquals("update_update", decided(1));
        assertEquals(Verdict.SETTLED, settle(1, REMOTE));
    }

    @Test
    void aVersionThatTheClinicRefusesIsNotDecided() throws IOException, InterruptedException {
        hold();
        clinic.execute("alter table crm_leads add constraint only_here check (name <> 'nube')");

        var problem = assertThrows(Problem.class, () -> settle(1, REMOTE));

        assertEquals(ProblemCode.CONFLICT_REFUSED, problem.code());
        assertEquals("clínica nube", names());
        assertEquals("update_update", decided(1));
    }

    @Test
    void theLoserOfADecidedConflictComesBackAsAnEditOfTheClinic()
            throws IOException, InterruptedException, SQLException {
        start("last-write-wins");
        editEarlier("update crm_leads set name = 'clínica'", "update crm_leads set name = 'nube', phone = '2'");
        assertEquals("nube nube", names());
        assertEquals(Verdict.ALREADY, settle(1, REMOTE));

        assertEquals(Verdict.SETTLED, settle(1, LOCAL));

        await().until(() -> names().equals("clínica clínica"));
        passMakesEqual();
        assertEquals("update_update remote local ana", decided(1));
        assertEquals(Verdict.ALREADY, settle(1, LOCAL));
        assertEquals(Verdict.DECIDED, settle(1, REMOTE));
        assertEquals(1, clinic.count("_conflicts"));
    }

    @Test
    void theCloudsLosingVersionComesBackThroughTheClinic() throws IOException, InterruptedException {
        start("last-write-wins");
        edit("update crm_leads set name = 'nube'", "update crm_leads set name = 'clínica'");
        await().until(() -> names().equals("clínica clínica"));

        assertEquals(Verdict.SETTLED, settle(1, REMOTE));

        await().until(() -> names().equals("nube nube"));
        passMakesEqual();
    }

    @Test
    @Rule("4.4.8")
    void aRowThatChangedSinceItsConflictIsLeftAsItIs() throws IOException, InterruptedException {
        start("last-write-wins");
        edit("update crm_leads set name = 'nube'", "update crm_leads set name = 'clínica'");
        clinic.execute("update crm_leads set source = 'más tarde'");

        assertEquals(Verdict.CHANGED, settle(1, REMOTE));

        await().until(() -> names().equals("clínica clínica"));
        assertEquals("update_update local local sync", decided(1));
        passMakesEqual();
    }

    @Test
    void aDeleteThatLostIsDoneWhenAPersonKeepsIt() throws IOException, InterruptedException, SQLException {
        start("last-write-wins");
        editEarlier("delete from crm_leads", "update crm_leads set name = 'nube'");
        assertEquals("nube nube", names());

        assertEquals(Verdict.SETTLED, settle(1, LOCAL));

        await().until(() -> names().equals("gone gone"));
        passMakesEqual();
    }

    @Test
    void aRowThatLostAgainstADeleteIsInsertedWhenAPersonKeepsIt() throws IOException, InterruptedException {
        start("last-write-wins");
        edit("update crm_leads set name = 'nube'", "delete from crm_leads");
        await().until(() -> names().equals("gone gone"));

        assertEquals(Verdict.SETTLED, settle(1, REMOTE));

        await().until(() -> names().equals("nube nube"));
        passMakesEqual();
        assertEquals("delete_update local remote ana", decided(1));
    }
}
