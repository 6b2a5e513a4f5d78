package com.centrovision.sync.clinic;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The project that this clinic mirrors, and the one that the configuration names: never two in one clinic. */
public final class MirroredCloud {
    private final JdbcTemplate clinic;
    private final String configured;

    public MirroredCloud(JdbcTemplate clinic, URI configured) {
        this(clinic, configured.toString().toLowerCase(Locale.ROOT));
    }

    private MirroredCloud(JdbcTemplate clinic, String configured) {
        this.clinic = clinic;
        this.configured = configured;
    }

    /** The same, asked on another connection. */
    public MirroredCloud on(JdbcTemplate other) {
        return new MirroredCloud(other, configured);
    }

    /** Empty before the first cloud that accepted the key, and before the control tables are made. */
    public Optional<String> mirrored() {
        var known = clinic.queryForObject("select to_regclass('public._sync_cloud') is not null", Boolean.class);
        return Boolean.TRUE.equals(known)
                ? clinic.queryForList("select url from _sync_cloud", String.class).stream()
                        .findFirst()
                : Optional.empty();
    }

    public boolean isConfigured() {
        return mirrored().map(configured::equals).orElse(true);
    }

    /** What is wrong where the configuration names another project than the one that is mirrored. */
    public Optional<Problem> problem() {
        return mirrored()
                .filter(url -> !url.equals(configured))
                .map(url -> new Problem(ProblemCode.CLOUD_OTHER, url, configured));
    }

    public void requireConfigured() {
        problem().ifPresent(problem -> {
            throw problem;
        });
    }

    /** The configured cloud has accepted the key and shown its tables. */
    public void remember() {
        clinic.update("insert into _sync_cloud (url) values (?) on conflict (id) do nothing", configured);
    }

    /** The configured cloud is meant: what is known of another one is put away. */
    public void accept() {
        clinic.queryForObject("select sync_accept_cloud(?)", Boolean.class, configured);
    }

    /** The same project, emptied or put back: what is known of it is put away. */
    public void forget() {
        clinic.execute("select sync_forget_cloud()");
    }
}
