package com.centrovision.sync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;

@AnalyzeClasses(packagesOf = App.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] CAPABILITIES = {
        "..sync.triggers..",
        "..sync.down..",
        "..sync.feed..",
        "..sync.up..",
        "..sync.conflicts..",
        "..sync.quarantine..",
        "..sync.files..",
        "..sync.digest..",
        "..sync.reconcile..",
        "..sync.verify..",
        "..sync.backup..",
        "..sync.alerts..",
        "..sync.status..",
        "..sync.pass..",
        "..sync.check..",
        "..sync.inspection.."
    };

    private static final String[] PEOPLE = {"..sync.cli..", "..sync.console..", "..sync.demo.."};

    private static final String[] SIDES = {"..sync.cloud..", "..sync.clinic..", "..sync.tables..", "..sync.connection.."
    };

    @ArchTest
    static final ArchRule dependenciesPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("start")
            .definedBy("com.centrovision.sync")
            .layer("people")
            .definedBy(PEOPLE)
            .layer("runtime")
            .definedBy("..sync.runtime..")
            .layer("capabilities")
            .definedBy(CAPABILITIES)
            .layer("both sides")
            .definedBy(SIDES)
            .layer("ground")
            .definedBy("..sync.config..", "..sync.problem..", "..sync.disk..")
            .whereLayer("start")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("people")
            .mayOnlyBeAccessedByLayers("start")
            .whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("people")
            .whereLayer("capabilities")
            .mayOnlyBeAccessedByLayers("people", "runtime")
            .whereLayer("both sides")
            .mayOnlyBeAccessedByLayers("people", "runtime", "capabilities");

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("com.centrovision.sync.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule everyPackageIsACapability = classes()
            .should()
            .resideInAnyPackage(
                    "com.centrovision.sync", "..sync.runtime..", "..sync.config..", "..sync.problem..", "..sync.disk..")
            .orShould()
            .resideInAnyPackage(PEOPLE)
            .orShould()
            .resideInAnyPackage(CAPABILITIES)
            .orShould()
            .resideInAnyPackage(SIDES);

    @ArchTest
    static final ArchRule namesSayWhatAClassHolds =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Impl|Utils?|Abstract[A-Z]\\w*)");

    @ArchTest
    static final ArchRule onlyTheCommandLineAndTheDemoPrint = noClasses()
            .that()
            .resideOutsideOfPackages("..sync.cli..", "..sync.demo..")
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule thereIsOneWayToLog = noClasses().should(USE_JAVA_UTIL_LOGGING);

    /** In the sandbox of the installed service {@code Files.getFileStore} finds no mount point; {@code File} asks the folder itself. */
    @ArchTest
    static final ArchRule freeSpaceIsAskedOfTheFolder =
            noClasses().should().callMethod(Files.class, "getFileStore", Path.class);
}
