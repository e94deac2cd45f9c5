package io.jarnetes.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The "never" of ARCHITECTURE.md, by number. */
@AnalyzeClasses(packages = "io.jarnetes", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] ROOMS = {
        "io.jarnetes.etcd..",
        "io.jarnetes.pki..",
        "io.jarnetes.apiserver..",
        "io.jarnetes.kubeclient..",
        "io.jarnetes.controllermanager..",
        "io.jarnetes.scheduler..",
        "io.jarnetes.node..",
        "io.jarnetes.launcher.."
    };

    @ArchTest
    static final ArchRule never1RaftTouchesNothing =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.etcd.raft..")
                    .should()
                    .dependOnClassesThat()
                    .resideOutsideOfPackages(
                            "io.jarnetes.etcd.raft..",
                            "java.lang..",
                            "java.util..",
                            "org.jspecify..")
                    .orShould()
                    .dependOnClassesThat()
                    .belongToAnyOf(Thread.class, java.util.Random.class)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.util.concurrent..", "java.util.logging..")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule never2BboltKnowsNothingOfMvcc =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.etcd.storage.bbolt..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.jarnetes.etcd.storage.mvcc..",
                            "io.jarnetes.etcd.storage.backend..",
                            "io.jarnetes.etcd.storage.lease..",
                            "io.jarnetes.etcd.storage.auth..",
                            "io.jarnetes.etcd.storage.membership..");

    @ArchTest
    static final ArchRule never2StorageKnowsNothingOfTheNetworkOrThreads =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.etcd.storage..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.grpc..", "io.netty..", "io.jarnetes.etcd.server..")
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class)
                    .orShould()
                    .callMethod(Thread.class, "ofPlatform")
                    .orShould()
                    .callMethod(Thread.class, "ofVirtual")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(java.util.concurrent.Executor.class)
                    .orShould()
                    .dependOnClassesThat()
                    .belongToAnyOf(java.util.concurrent.Executors.class, java.util.Timer.class);

    @ArchTest
    static final ArchRule never3GrpcStopsAtTheRim =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.jarnetes.etcd.server..",
                            "io.jarnetes.etcd.client..",
                            "io.jarnetes.etcd.proto..",
                            "io.jarnetes.etcd.rpc..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.grpc..");

    @ArchTest
    static final ArchRule never3MessagesStopAtTheCodecs =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.jarnetes.etcd.server..",
                            "io.jarnetes.etcd.client..",
                            "io.jarnetes.etcd.ctl..",
                            "io.jarnetes.etcd.proto..",
                            "io.jarnetes.etcd.rpc..",
                            // The codecs of what is stored.
                            "io.jarnetes.etcd.storage.alarm..",
                            "io.jarnetes.etcd.storage.auth..",
                            "io.jarnetes.etcd.storage.lease..",
                            "io.jarnetes.etcd.storage.membership..",
                            "io.jarnetes.etcd.storage.snap..",
                            "io.jarnetes.etcd.storage.wal..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.etcd.proto..");

    @ArchTest
    static final ArchRule never4OnlyStorageSpeaksToEtcd =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.apiserver..")
                    .and()
                    .resideOutsideOfPackage("io.jarnetes.apiserver.server.storage..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.etcd.client..");

    @ArchTest
    static final ArchRule never4TheApiserverKnowsNoMember =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.apiserver..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.jarnetes.etcd.server..",
                            "io.jarnetes.etcd.storage..",
                            "io.jarnetes.etcd.raft..");

    @ArchTest
    static final ArchRule never5RegistryAndStorageKnowNoEndpoints =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.jarnetes.apiserver.server.registry..",
                            "io.jarnetes.apiserver.server.storage..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.apiserver.server.endpoints..");

    @ArchTest
    static final ArchRule never5AdmissionReadsThroughListers =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.apiserver.server.admission..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.jarnetes.apiserver.server.registry")
                                    .and(
                                            nameMatching(
                                                    ".*\\.(Registry|RegistryTable|Deleter|\\w*Store)")))
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.apiserver.server.endpoints..");

    @ArchTest
    static final ArchRule never6ControllersSpeakHttpOnly =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.jarnetes.kubeclient..",
                            "io.jarnetes.controllermanager..",
                            "io.jarnetes.scheduler..",
                            "io.jarnetes.node..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.jarnetes.apiserver..", "io.jarnetes.etcd..");

    @ArchTest
    static final ArchRule never6ControllerManagerStandsAlone =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.controllermanager..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.jarnetes.scheduler..", "io.jarnetes.node..");

    @ArchTest
    static final ArchRule never6SchedulerStandsAlone =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.scheduler..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.jarnetes.controllermanager..", "io.jarnetes.node..");

    @ArchTest
    static final ArchRule never6NodesStandAlone =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.node..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.jarnetes.controllermanager..", "io.jarnetes.scheduler..");

    @ArchTest
    static final ArchRule never6WhatTheyShareKnowsNone =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.kubeclient..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.jarnetes.controllermanager..",
                            "io.jarnetes.scheduler..",
                            "io.jarnetes.node..",
                            "io.jarnetes.pki..");

    @ArchTest
    static final ArchRule never7NobodyImportsTheLauncher =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.jarnetes.launcher..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.launcher..");

    @ArchTest
    static final ArchRule never7PkiImportsNothingOfOurs =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.pki..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.jarnetes..")
                                    .and(resideOutsideOfPackage("io.jarnetes.pki..")));

    @ArchTest
    static final ArchRule never7PkiHasFewUsers =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.jarnetes.pki..",
                            "io.jarnetes.launcher..",
                            "io.jarnetes.etcd.server..",
                            "io.jarnetes.apiserver.server..",
                            "io.jarnetes.controllermanager..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.jarnetes.pki..");

    @ArchTest
    static final ArchRule never7BaseImportsNoRoom =
            noClasses()
                    .that()
                    .resideInAPackage("io.jarnetes.base..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ROOMS);

    @ArchTest
    static final ArchRule never8NoStaticMutableState =
            fields().that()
                    .areStatic()
                    .and()
                    .areDeclaredInClassesThat()
                    .resideOutsideOfPackage("io.jarnetes.etcd.proto..")
                    .and()
                    .areDeclaredInClassesThat()
                    .resideOutsideOfPackage("io.jarnetes.etcd.rpc..")
                    .should()
                    .beFinal()
                    .allowEmptyShould(true);

    /** What a final field of these types holds changes all the same. */
    @ArchTest
    static final ArchRule never8NoStaticMutableObjects =
            noFields()
                    .that()
                    .areStatic()
                    .and()
                    .areDeclaredInClassesThat()
                    .resideOutsideOfPackages("io.jarnetes.etcd.proto..", "io.jarnetes.etcd.rpc..")
                    .should()
                    .haveRawType(resideInAPackage("java.util.concurrent.atomic"))
                    .orShould()
                    .haveRawType(assignableTo(java.util.concurrent.ConcurrentMap.class))
                    .orShould()
                    .haveRawType(assignableTo(ThreadLocal.class))
                    .orShould()
                    .haveRawType(assignableTo(java.util.AbstractCollection.class))
                    .orShould()
                    .haveRawType(assignableTo(java.util.AbstractMap.class));

    @ArchTest
    static final ArchRule never8NoServiceLocator =
            noClasses().should().dependOnClassesThat().belongToAnyOf(java.util.ServiceLoader.class);
}
