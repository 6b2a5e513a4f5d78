package com.centrovision.sync.check;

import com.centrovision.sync.config.CertificateFile;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Text;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The console's own certificate: whether it can be served, and for how long. */
public record CertificateCheck(CertificateFile file, Clock clock) implements Check {
    private static final Duration SOON = Duration.ofDays(30);

    @Override
    public List<Finding> findings() {
        var content = file.read();
        return List.of(content.mistake()
                .map(mistake -> Finding.wrong(Text.of("check.certificate.unfit", file.file(), mistake)))
                .orElseGet(() -> validity(content.certificate().orElseThrow())));
    }

    private Finding validity(X509Certificate certificate) {
        var now = clock.instant();
        var from = certificate.getNotBefore().toInstant();
        var until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            return Finding.wrong(Text.of("check.certificate.early", file.file(), ClinicTime.minute(from)));
        }
        if (!now.isBefore(until)) {
            return Finding.wrong(Text.of("check.certificate.expired", file.file(), ClinicTime.minute(until)));
        }
        return until.isBefore(now.plus(SOON))
                ? Finding.notice(Text.of("check.certificate.soon", file.file(), ClinicTime.minute(until)))
                : Finding.fine(Text.of("check.certificate.fine", file.file(), ClinicTime.minute(until)));
    }
}
