package io.jarnetes.etcd.storage.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids that real clusters showed. */
class MemberIdsTest {
    @ParameterizedTest
    @CsvSource({
        "http://etcd-1:2380,mys3cr3ttok3n,b8c6addf901e4e46",
        "http://etcd-2:2380,mys3cr3ttok3n,88d11e2649dad027",
        "http://etcd-3:2380,mys3cr3ttok3n,c3697a4fd7a20dcd",
        "https://localhost:2380,tkn,1a7febac07525fe7",
        "https://localhost:22380,tkn,a39b736457d9b634",
        "https://localhost:32380,tkn,8824476cc9eecda8",
        "http://localhost:2380,etcd-cluster,8e9e05c52164694d",
    })
    void memberIdsOfRealClusters(String url, String token, String id) {
        assertThat(Long.toHexString(MemberIds.member(List.of(url), token, OptionalLong.empty())))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "b8c6addf901e4e46 88d11e2649dad027 c3697a4fd7a20dcd,20ca32abe5b13af4",
        "b8c6addf901e4e46,4918c3e622f6e0f7",
        "1a7febac07525fe7 a39b736457d9b634 8824476cc9eecda8,7a06a9b4bcab2826",
        "8e9e05c52164694d,cdf818194e3a8c32",
        "fd32987dcd0511e0,755b248bfe852f6e",
    })
    void clusterIdsOfRealClusters(String members, String id) {
        List<Long> ids =
                Stream.of(members.split(" ", -1))
                        .map(hex -> Long.parseUnsignedLong(hex, 16))
                        .toList();
        assertThat(Long.toHexString(MemberIds.cluster(ids))).isEqualTo(id);
    }

    @Test
    void theOrderOfUrlsDoesNotMatterAndTheTimeDoes() {
        long one = MemberIds.member(List.of("http://a:1", "http://b:2"), "t", OptionalLong.empty());
        long two = MemberIds.member(List.of("http://b:2", "http://a:1"), "t", OptionalLong.empty());
        long later =
                MemberIds.member(
                        List.of("http://a:1", "http://b:2"), "t", OptionalLong.of(1_700_000_000));

        assertThat(one).isEqualTo(two).isNotEqualTo(later);
    }
}
