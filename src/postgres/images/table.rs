//! The tags. A tag whose base can be pinned is pinned to it: text sorts by the base's libraries.

use super::super::Major;
use super::{Architecture, Family, Flavor, Image, Libc};

const BOTH_ARCHITECTURES: &[Architecture] = &[Architecture::Amd64, Architecture::Arm64];
const AMD64: &[Architecture] = &[Architecture::Amd64];

/// The exporter of metrics: the version that the project's tests run, which knows every major here.
pub const EXPORTER: &str = "quay.io/prometheuscommunity/postgres-exporter:v0.17.1";

/// A shell and curl, for the container that labels its pod: a tag that several public repositories run.
pub const CURL: &str = "docker.io/curlimages/curl:8.16.0";

/// The uid that the exporter's image runs as.
pub const EXPORTER_UID: u32 = 65534;

/// Alpine before Debian for each family and major: the first row that fits is chosen.
pub const IMAGES: &[Image] = &[
    plain(
        Major::V14,
        Flavor::Alpine,
        "14.24-alpine3.23",
        "docker-library/repo-info repos/postgres/remote/14.24-alpine3.23.md",
    ),
    plain(
        Major::V14,
        Flavor::Debian,
        "14.24-trixie",
        "docker-library/repo-info repos/postgres/remote/14.24-trixie.md",
    ),
    plain(
        Major::V15,
        Flavor::Alpine,
        "15.19-alpine3.23",
        "docker-library/repo-info repos/postgres/remote/15.19-alpine3.23.md",
    ),
    plain(
        Major::V15,
        Flavor::Debian,
        "15.19-trixie",
        "docker-library/repo-info repos/postgres/remote/15.19-trixie.md",
    ),
    plain(
        Major::V16,
        Flavor::Alpine,
        "16.15-alpine3.23",
        "docker-library/repo-info repos/postgres/remote/16.15-alpine3.23.md",
    ),
    plain(
        Major::V16,
        Flavor::Debian,
        "16.15-trixie",
        "docker-library/repo-info repos/postgres/remote/16.15-trixie.md",
    ),
    plain(
        Major::V17,
        Flavor::Alpine,
        "17.12-alpine",
        "pinned as postgres:17.12-alpine by compose files of public repositories",
    ),
    plain(
        Major::V17,
        Flavor::Debian,
        "17.11-trixie",
        "docker-library/repo-info repos/postgres/remote/17.11-trixie.md",
    ),
    plain(
        Major::V18,
        Flavor::Alpine,
        "18.6-alpine3.23",
        "docker-library/repo-info repos/postgres/remote/18.6-alpine3.23.md",
    ),
    plain(
        Major::V18,
        Flavor::Debian,
        "18.6-trixie",
        "docker-library/repo-info repos/postgres/remote/18.6-trixie.md",
    ),
    // 2.20 dropped PostgreSQL 14.
    timescaledb(Major::V14, "2.19.3-pg14", "pinned by this tag in seven public repositories"),
    timescaledb(
        Major::V15,
        "2.27.2-pg15",
        "pinned by this tag in a public repository that reports its server's 15.18 and 2.27",
    ),
    timescaledb(
        Major::V16,
        "2.30.2-pg16",
        "pinned by this tag in ten public repositories, published 2026-09-29",
    ),
    timescaledb(
        Major::V17,
        "2.30.2-pg17",
        "pinned by this tag and a digest in ten public repositories, PostgreSQL 17.11",
    ),
    timescaledb(
        Major::V18,
        "2.30.2-pg18",
        "pinned by this tag and a digest in public repositories, PostgreSQL 18.6",
    ),
    postgis(Major::V14, Flavor::Alpine, "14-3.5-alpine", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V14, Flavor::Debian, "14-3.5", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V15, Flavor::Alpine, "15-3.5-alpine", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V15, Flavor::Debian, "15-3.5", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V16, Flavor::Alpine, "16-3.5-alpine", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V16, Flavor::Debian, "16-3.5", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V17, Flavor::Alpine, "17-3.5-alpine", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V17, Flavor::Debian, "17-3.5", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V18, Flavor::Alpine, "18-3.6-alpine", "postgis/docker-postgis README, list of tags"),
    postgis(Major::V18, Flavor::Debian, "18-3.6", "postgis/docker-postgis README, list of tags"),
    both(Major::V14, "pg14.17-ts2.19.3-all", "default image of a public chart"),
    both(Major::V15, "pg15.15-ts2.24.0-all", "run by the tests of a public repository"),
    both(Major::V16, "pg16.15-ts2.30.2", "run by the tests of a public repository"),
    both(
        Major::V17,
        "pg17.11-ts2.30.2",
        "pinned by this tag in public repositories, one with its list of extensions",
    ),
    both(Major::V18, "pg18.6-ts2.30.2", "pinned by this tag in two public repositories"),
];

const fn plain(major: Major, flavor: Flavor, tag: &'static str, source: &'static str) -> Image {
    let (uid, libc) = match flavor {
        Flavor::Alpine => (70, Libc::Musl),
        Flavor::Debian => (999, Libc::Glibc),
    };
    Image {
        family: Family::Plain,
        major,
        flavor,
        registry: "docker.io",
        repository: "library/postgres",
        tag,
        uid,
        architectures: BOTH_ARCHITECTURES,
        libc,
        icu: true,
        source,
    }
}

/// Built on the official alpine image.
const fn timescaledb(major: Major, tag: &'static str, source: &'static str) -> Image {
    Image {
        family: Family::TimescaleDb,
        repository: "timescale/timescaledb",
        ..plain(major, Flavor::Alpine, tag, source)
    }
}

/// Built on the official images; rebuilt each week under the same tag. Debian here is bullseye up to 17, trixie on 18.
const fn postgis(major: Major, flavor: Flavor, tag: &'static str, source: &'static str) -> Image {
    Image {
        family: Family::PostGis,
        repository: "postgis/postgis",
        architectures: AMD64,
        ..plain(major, flavor, tag, source)
    }
}

/// Built on Ubuntu 22.04.
const fn both(major: Major, tag: &'static str, source: &'static str) -> Image {
    Image {
        family: Family::Both,
        repository: "timescale/timescaledb-ha",
        uid: 1000,
        ..plain(major, Flavor::Debian, tag, source)
    }
}
