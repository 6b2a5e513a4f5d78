package com.centrovision.sync.cli;

import com.centrovision.sync.verify.TableReport;
import java.util.List;

/** What {@code verify} tells, in the order in which it happens. */
interface VerifyOutput {
    void table(TableReport report);

    /** A repair would fetch so many rows from the cloud, and leave so many to the full pass's own comparison. */
    void wouldRepair(long fetched, long onlyClinic);

    /** Marked are so many rows; the full pass runs now, here or by the running service. */
    void repairs(long fetched, long onlyClinic, boolean byService);

    /** The pass of the repair lost the cloud. */
    void unreachable();

    /** The end; all reports of the last comparison. */
    void end(List<TableReport> reports, boolean allFilesRead);
}
