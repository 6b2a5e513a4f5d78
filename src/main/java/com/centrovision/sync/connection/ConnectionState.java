package com.centrovision.sync.connection;

import java.time.Instant;

/** The mode as the apps see it ({@code supabase}, {@code local}, {@code offline}), why, and since when. */
public record ConnectionState(String mode, String reason, Instant since) {}
