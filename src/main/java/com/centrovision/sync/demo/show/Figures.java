package com.centrovision.sync.demo.show;

import com.centrovision.sync.status.StatusSnapshot;
import java.util.Map;

/** What the live table shows: how the sync stands, and the rows of each table on both sides. */
record Figures(StatusSnapshot status, Map<String, Long> cloud, Map<String, Long> clinic) {}
