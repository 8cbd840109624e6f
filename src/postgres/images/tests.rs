use super::*;
use Architecture::{Amd64, Arm64};

fn chosen(
    major: Major,
    flavor: Option<Flavor>,
    (timescaledb, postgis): (bool, bool),
    architecture: Architecture,
    others: &[&str],
) -> String {
    match choose(major, flavor, timescaledb, postgis, architecture, others) {
        Ok(image) => image.reference(),
        Err(fault) => format!("{}; {}; {}", fault.title, fault.cause, fault.help),
    }
}

#[test]
fn the_extensions_decide_the_repository() {
    let of =
        |extensions| chosen(Major::V17, None, extensions, Amd64, &["pg_stat_statements", "auto_explain"]);
    assert_eq!(of((false, false)), "docker.io/library/postgres:17.12-alpine");
    assert_eq!(of((true, false)), "docker.io/timescale/timescaledb:2.30.2-pg17");
    assert_eq!(of((false, true)), "docker.io/postgis/postgis:17-3.5-alpine");
    assert_eq!(of((true, true)), "docker.io/timescale/timescaledb-ha:pg17.11-ts2.30.2");
}

#[test]
fn every_major_has_an_image_for_every_choice_of_extensions() {
    for major in Major::ALL {
        for extensions in [(false, false), (true, false), (false, true), (true, true)] {
            let image = choose(major, None, extensions.0, extensions.1, Amd64, &[]).unwrap();
            assert_eq!(image.major, major);
        }
    }
}

#[test]
fn an_empty_cell_names_the_flavor_that_there_is_and_the_way_out() {
    assert_eq!(
        chosen(Major::V17, Some(Flavor::Debian), (true, false), Amd64, &[]),
        "no debian image of PostgreSQL 17 with TimescaleDB is known; nobody publishes one, or its tag was never seen; set `postgresql.image.flavor` to `alpine` for `docker.io/timescale/timescaledb:2.30.2-pg17`, or name one that you have with `postgresql.image`"
    );
    assert_eq!(
        chosen(Major::V16, Some(Flavor::Alpine), (true, true), Amd64, &[]),
        "no alpine image of PostgreSQL 16 with TimescaleDB and PostGIS together is known; nobody publishes one, or its tag was never seen; set `postgresql.image.flavor` to `debian` for `docker.io/timescale/timescaledb-ha:pg16.15-ts2.30.2`, or name one that you have with `postgresql.image`"
    );
}

#[test]
fn postgis_alone_is_refused_on_arm64() {
    assert_eq!(
        chosen(Major::V18, None, (false, true), Arm64, &[]),
        "`docker.io/postgis/postgis:18-3.6-alpine` does not run on arm64; it is published for amd64 only; turn TimescaleDB on too, since the image with both is there for arm64, or name another image with `postgresql.image`"
    );
    assert_eq!(
        chosen(Major::V18, None, (true, true), Arm64, &[]),
        "docker.io/timescale/timescaledb-ha:pg18.6-ts2.30.2"
    );
}

#[test]
fn an_extension_that_the_image_lacks_is_refused() {
    assert_eq!(
        chosen(Major::V15, Some(Flavor::Debian), (false, false), Amd64, &["pgcrypto", "pgaudit"]),
        "the image has no `pgaudit`; `docker.io/library/postgres:15.19-trixie` brings PostgreSQL's own extensions only; set `postgresql.image.repository` to `timescale/timescaledb-ha`, `postgresql.image.tag` to `pg15.15-ts2.24.0-all`, and add `pgaudit` to `postgresql.image.extensions`"
    );
    assert!(choose(Major::V17, None, true, true, Amd64, &["pgaudit", "pg_cron", "vector"]).is_ok());
    assert!(choose(Major::V16, None, false, false, Amd64, &["adminpack"]).is_ok());
    assert!(choose(Major::V17, None, false, false, Amd64, &["adminpack"]).is_err());
}

#[test]
fn cells_are_unique_and_tags_exact() {
    for (at, image) in IMAGES.iter().enumerate() {
        let same = |other: &Image| {
            other.family == image.family && other.major == image.major && other.flavor == image.flavor
        };
        assert_eq!(IMAGES.iter().position(same), Some(at), "{}", image.reference());
        let number = image.major.number().to_string();
        assert!(image.tag.contains(&number) && image.tag.contains('.'), "{}", image.tag);
        assert!(!image.tag.contains("latest") && !image.source.is_empty(), "{}", image.tag);
        assert_eq!(image.libc == Libc::Musl, image.flavor == Flavor::Alpine);
    }
}

#[test]
fn contents_are_sorted_without_repetition() {
    for image in IMAGES {
        for names in [image.extensions(), image.preload_libraries()] {
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        }
    }
}

#[test]
fn a_tag_names_its_major_in_front_or_behind_pg() {
    for image in IMAGES {
        let plain = image.family != Family::TimescaleDb;
        assert_eq!(major_of_tag(image.tag, plain), Some(image.major.number()), "{}", image.tag);
    }
    for (tag, plain, expected) in [
        ("14.1", true, Some(14)),
        ("14.1", false, None),
        ("2.24.0-pg16", false, Some(16)),
        ("17", true, Some(17)),
        ("latest", true, None),
        ("2024", true, None),
        ("9.6", true, None),
        ("pgpod-17", true, None),
    ] {
        assert_eq!(major_of_tag(tag, plain), expected, "{tag}");
    }
}

#[test]
fn an_images_name_tells_its_c_library_where_its_repository_is_known() {
    for (name, libc_of) in [
        ("docker.io/library/postgres:17.12-alpine", Some(Libc::Musl)),
        ("postgres:17-trixie@sha256:aa", Some(Libc::Glibc)),
        ("localhost:5000/library/postgres", Some(Libc::Glibc)),
        ("mirror.example.com/a/timescale/timescaledb:2.30.2-pg17", Some(Libc::Musl)),
        ("timescale/timescaledb-ha:pg17", Some(Libc::Glibc)),
        ("postgis/postgis:17-3.5-alpine", Some(Libc::Musl)),
        ("example.com/our/alpine-postgres:17", None),
        ("example.com/mypostgis/postgis:1", None),
        ("", None),
    ] {
        assert_eq!(libc(name), libc_of, "{name}");
    }
    for (one, other, same) in [
        ("postgres:17-alpine3.20", "timescale/timescaledb:2.30.2-pg17", Some(true)),
        ("postgres:17-alpine", "postgres:17-trixie", Some(false)),
        ("postgres:17-bookworm", "postgres:17-trixie", Some(false)),
        ("postgres:17-trixie", "postgres:17.11-trixie", Some(true)),
        ("postgres:17", "postgres:17-trixie", None),
        ("timescale/timescaledb-ha:pg17.1", "timescale/timescaledb-ha:pg17.2", Some(true)),
        ("postgres:17", "timescale/timescaledb-ha:pg17", None),
        ("example.com/own:1", "example.com/own:2", None),
    ] {
        assert_eq!(same_libc(one, other), same, "{one} {other}");
    }
}

#[test]
fn an_official_tag_tells_the_release() {
    for (name, expected) in [
        ("docker.io/library/postgres:17.12-alpine", Some((17, 12))),
        ("postgres:15.19-trixie@sha256:aa", Some((15, 19))),
        ("postgres:17-trixie", None),
        ("postgis/postgis:17-3.5", None),
        ("example.com/own:17.1", None),
    ] {
        assert_eq!(release(name), expected, "{name}");
    }
}

#[test]
fn the_official_images_name_says_its_base_or_not() {
    for (name, expected) in [
        ("docker.io/library/postgres:17.11-trixie", Some(true)),
        ("mirror.example.com/library/postgres:17-alpine3.23", Some(true)),
        ("postgres@sha256:aa", Some(true)),
        ("postgres:17.11@sha256:aa", Some(true)),
        ("docker.io/library/postgres:17.11-alpine", Some(false)),
        ("docker.io/library/postgres:17.11", Some(false)),
        ("postgres", Some(false)),
        ("postgis/postgis:17-3.5", None),
        ("timescale/timescaledb:2.30.2-pg17", None),
        ("example.com/our/postgres:17.11", None),
    ] {
        assert_eq!(names_its_base(name), expected, "{name}");
    }
}
