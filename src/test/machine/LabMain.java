import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cloud with rows for the machine of {@code run.sh}: writes its address and key into a folder, ends with its input. */
public final class LabMain {
    private LabMain() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[1]);
        try (var lab = Lab.start(Path.of(arguments[0]), LabOptions.defaults())) {
            lab.cloud().generate("machine", 60);
            Files.writeString(folder.resolve("key"), lab.serviceKey());
            Files.writeString(folder.resolve("url"), lab.supabaseUrl());
            System.in.read();
        }
    }
}
