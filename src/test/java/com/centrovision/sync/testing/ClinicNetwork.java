package com.centrovision.sync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network of the clinic's own: a namespace of the kernel, joined to this machine by one line that can be cut. Rules
 * are set inside it alone, and all of it is gone when it is closed.
 */
public final class ClinicNetwork implements AutoCloseable {
    private static final Path RESOLVERS = Path.of("/etc/netns");

    private final String name = "clinic" + ProcessHandle.current().pid();
    private final String subnet = "10.213." + ProcessHandle.current().pid() % 250;
    private final NameServer names;

    private ClinicNetwork() {
        run("ip", "netns", "add", name);
        try {
            run("ip", "link", "add", here(), "type", "veth", "peer", "name", "line", "netns", name);
            run("ip", "addr", "add", address() + "/30", "dev", here());
            run("ip", "link", "set", here(), "up");
            inside("ip", "addr", "add", subnet + ".2/30", "dev", "line");
            inside("ip", "link", "set", "lo", "up");
            inside("ip", "link", "set", "line", "up");
            Files.createDirectories(resolver().getParent());
            Files.writeString(resolver(), "nameserver " + address() + "\n");
            names = new NameServer(address());
        } catch (IOException | RuntimeException unusable) {
            remove();
            throw new IllegalStateException(unusable);
        }
    }

    public static ClinicNetwork start() {
        return new ClinicNetwork();
    }

    /** Why there can be none on this machine; empty where there can. */
    public static String missing() {
        for (var tool : List.of("ip", "iptables", "tc")) {
            if (!succeeds("which", tool)) {
                return tool + " is not installed";
            }
        }
        var probe = "probe" + ProcessHandle.current().pid();
        if (!succeeds("ip", "netns", "add", probe)) {
            return "network namespaces are not allowed to this user";
        }
        var hasRules = succeeds("ip", "netns", "exec", probe, "iptables", "-L");
        succeeds("ip", "netns", "del", probe);
        return hasRules ? "" : "iptables does not work in a namespace";
    }

    /** This machine, as the clinic sees it. */
    public String address() {
        return subnet + ".1";
    }

    /** Sets a rule for packets that come in: {@code -j DROP} and the like. */
    public void rule(String... rule) {
        inside(rule(List.of("iptables", "-A"), rule));
    }

    public void noRules() {
        inside("iptables", "-F");
    }

    /** What goes out of the clinic to this port is carried at this rate only. */
    public void slowTo(int port, String rate) {
        tc("qdisc add dev line root handle 1: htb default 10");
        tc("class add dev line parent 1: classid 1:10 htb rate 100mbit");
        tc("class add dev line parent 1: classid 1:30 htb rate " + rate + " ceil " + rate + " burst 3kb");
        tc("qdisc add dev line parent 1:30 bfifo limit 16kb");
        tc("filter add dev line parent 1: protocol ip u32 match ip dport " + port + " 0xffff flowid 1:30");
    }

    private void tc(String words) {
        inside(("tc " + words).split(" "));
    }

    /** A command that runs in the clinic. */
    public List<String> command(List<String> command) {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(command);
        return whole;
    }

    private String here() {
        return "cv" + ProcessHandle.current().pid();
    }

    private Path resolver() {
        return RESOLVERS.resolve(name).resolve("resolv.conf");
    }

    private static String[] rule(List<String> start, String... rest) {
        var all = new ArrayList<>(start);
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }

    private void inside(String... command) {
        run(command(List.of(command)).toArray(String[]::new));
    }

    private static void run(String... command) {
        if (!succeeds(command)) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private static boolean succeeds(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void remove() {
        succeeds("ip", "netns", "del", name);
        succeeds("ip", "link", "del", here());
        try {
            Files.deleteIfExists(resolver());
            Files.deleteIfExists(resolver().getParent());
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }

    @Override
    public void close() {
        names.close();
        remove();
    }
}
