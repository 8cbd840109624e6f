//! What the images bring beside the server.

use super::super::Major;
use super::Family;

/// A contrib module, from its first to its last major.
type Module = (&'static str, Major, Major);

const fn always(name: &'static str) -> Module {
    (name, Major::V14, Major::V18)
}

/// Extensions of `PostgreSQL`'s own source tree, without the languages (their runtimes are not in the images); read
/// off servers of each major. Sorted by name.
const EXTENSIONS: &[Module] = &[
    ("adminpack", Major::V14, Major::V16),
    always("amcheck"),
    always("autoinc"),
    always("bloom"),
    always("btree_gin"),
    always("btree_gist"),
    always("citext"),
    always("cube"),
    always("dblink"),
    always("dict_int"),
    always("dict_xsyn"),
    always("earthdistance"),
    always("file_fdw"),
    always("fuzzystrmatch"),
    always("hstore"),
    always("insert_username"),
    always("intagg"),
    always("intarray"),
    always("isn"),
    always("lo"),
    always("ltree"),
    always("moddatetime"),
    ("old_snapshot", Major::V14, Major::V16),
    always("pageinspect"),
    always("pg_buffercache"),
    always("pg_freespacemap"),
    ("pg_logicalinspect", Major::V18, Major::V18),
    always("pg_prewarm"),
    always("pg_stat_statements"),
    always("pg_surgery"),
    always("pg_trgm"),
    always("pg_visibility"),
    ("pg_walinspect", Major::V15, Major::V18),
    always("pgcrypto"),
    always("pgrowlocks"),
    always("pgstattuple"),
    always("plpgsql"),
    always("postgres_fdw"),
    always("refint"),
    always("seg"),
    always("sslinfo"),
    always("tablefunc"),
    always("tcn"),
    always("tsm_system_rows"),
    always("tsm_system_time"),
    always("unaccent"),
    always("uuid-ossp"),
    always("xml2"),
];

/// Libraries of `PostgreSQL`'s own source tree that are made to be preloaded. Sorted by name.
const LIBRARIES: &[Module] = &[
    always("auth_delay"),
    always("auto_explain"),
    ("basebackup_to_shell", Major::V15, Major::V18),
    ("basic_archive", Major::V15, Major::V18),
    always("passwordcheck"),
    ("pg_overexplain", Major::V18, Major::V18),
    always("pg_prewarm"),
    always("pg_stat_statements"),
];

const TIMESCALEDB: &[&str] = &["timescaledb"];

/// Created at the end of the build of `postgis/postgis`, by its Dockerfile.
const POSTGIS: &[&str] = &[
    "address_standardizer",
    "address_standardizer_data_us",
    "postgis",
    "postgis_raster",
    "postgis_sfcgal",
    "postgis_tiger_geocoder",
    "postgis_topology",
];

/// What `timescaledb-ha` is known to bring (its README); it may have more.
const BOTH: &[&str] = &[
    "pg_cron",
    "pgaudit",
    "postgis",
    "postgis_raster",
    "postgis_topology",
    "timescaledb",
    "timescaledb_toolkit",
    "vector",
];

/// Every extension that any image brings, in any major.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let own = [TIMESCALEDB, POSTGIS, BOTH].into_iter().flatten().copied();
    EXTENSIONS.iter().map(|(name, ..)| *name).chain(own)
}

/// Whether it is an extension of `PostgreSQL`'s own in other majors only.
pub(super) fn is_of_other_majors(name: &str, major: Major) -> bool {
    let module = EXTENSIONS.iter().find(|(known, ..)| *known == name);
    module.is_some_and(|(_, since, until)| !(*since..=*until).contains(&major))
}

pub(super) fn extensions(family: Family, major: Major) -> Vec<&'static str> {
    let own: &[&str] = match family {
        Family::Plain => &[],
        Family::TimescaleDb => TIMESCALEDB,
        Family::PostGis => POSTGIS,
        Family::Both => BOTH,
    };
    merged(EXTENSIONS, own, major)
}

pub(super) fn preload_libraries(family: Family, major: Major) -> Vec<&'static str> {
    let own: &[&str] = match family {
        Family::Plain | Family::PostGis => &[],
        Family::TimescaleDb => TIMESCALEDB,
        Family::Both => &["pg_cron", "pgaudit", "timescaledb"],
    };
    merged(LIBRARIES, own, major)
}

fn merged(modules: &[Module], own: &[&'static str], major: Major) -> Vec<&'static str> {
    let contrib = modules.iter().filter(|(_, since, until)| (*since..=*until).contains(&major));
    let mut names: Vec<_> = contrib.map(|(name, ..)| *name).chain(own.iter().copied()).collect();
    names.sort_unstable();
    names
}
