package com.centrovision.sync.alerts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The space left where this service and, if it is on this machine and says where, the clinic's database write. Only the
 * watch asks.
 */
public final class FreeDisk {
    private static final long MB = 1 << 20;

    private final List<Path> own;
    private final JdbcTemplate clinic;
    private final String databaseHost;
    private Optional<Path> data = Optional.empty();
    private boolean asked;

    /** @param own the folders that the service writes */
    public FreeDisk(List<Path> own, JdbcTemplate clinic, String databaseHost) {
        this.own = List.copyOf(own);
        this.clinic = clinic;
        this.databaseHost = databaseHost;
    }

    /** The least of all; empty where none can be read. */
    public OptionalLong freeMb() {
        return Stream.concat(own.stream(), dataDirectory().stream())
                .flatMapToLong(FreeDisk::usable)
                .min();
    }

    /** The server tells it to superusers and members of pg_read_all_settings only. */
    private Optional<Path> dataDirectory() {
        if (!asked && isHere()) {
            try {
                data =
                        clinic
                                .queryForList(
                                        "select setting from pg_settings where name = 'data_directory'", String.class)
                                .stream()
                                .filter(setting -> setting != null && !setting.isBlank())
                                .map(Path::of)
                                .findFirst();
                asked = true;
            } catch (DataAccessException unavailable) {
                return Optional.empty();
            }
        }
        return data;
    }

    private boolean isHere() {
        try {
            return InetAddress.getByName(databaseHost).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static LongStream usable(Path folder) {
        return Files.exists(folder) ? LongStream.of(folder.toFile().getUsableSpace() / MB) : LongStream.empty();
    }
}
