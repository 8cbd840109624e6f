//! Images: which one brings which server, on what base, with which extensions.
//!
//! `table.rs` has one exact tag for each repository, major and flavor, and where that tag was seen; where none is
//! known there is no row. To move to a new minor release, change the tag and its source there.

mod base;
mod contents;
mod table;

use super::extensions::EXTENSIONS;
use super::{Fault, Major, Mistake};
use crate::spelling::nearest_name;

pub use base::{libc, names_its_base, of_repository, release, same_libc, whole_tags};
pub use table::{CURL, EXPORTER, EXPORTER_UID, IMAGES};

/// The base that an image is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    Alpine,
    /// Debian, or Ubuntu where a repository has nothing else of glibc.
    Debian,
}

impl Flavor {
    pub fn word(self) -> &'static str {
        match self {
            Flavor::Alpine => "alpine",
            Flavor::Debian => "debian",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    Amd64,
    Arm64,
}

impl Architecture {
    pub fn word(self) -> &'static str {
        match self {
            Architecture::Amd64 => "amd64",
            Architecture::Arm64 => "arm64",
        }
    }
}

/// The C library, which decides how text sorts under libc locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    Musl,
    Glibc,
}

/// What a repository is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `PostgreSQL` and its contrib modules.
    Plain,
    TimescaleDb,
    PostGis,
    /// TimescaleDB, `PostGIS` and more.
    Both,
}

impl Family {
    fn of(timescaledb: bool, postgis: bool) -> Self {
        match (timescaledb, postgis) {
            (false, false) => Family::Plain,
            (true, false) => Family::TimescaleDb,
            (false, true) => Family::PostGis,
            (true, true) => Family::Both,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Family::Plain => "PostgreSQL alone",
            Family::TimescaleDb => "TimescaleDB",
            Family::PostGis => "PostGIS",
            Family::Both => "TimescaleDB and PostGIS together",
        }
    }
}

/// A server's image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub family: Family,
    pub major: Major,
    pub flavor: Flavor,
    pub registry: &'static str,
    pub repository: &'static str,
    /// The exact tag.
    pub tag: &'static str,
    /// The uid of the image's own `postgres` user.
    pub uid: u32,
    pub architectures: &'static [Architecture],
    pub libc: Libc,
    /// Whether the server has ICU.
    pub icu: bool,
    /// Where the tag was seen.
    pub source: &'static str,
}

impl Image {
    /// The image's full name.
    pub fn reference(&self) -> String {
        format!("{}/{}:{}", self.registry, self.repository, self.tag)
    }

    /// The extensions that `CREATE EXTENSION` finds in the image, sorted.
    pub fn extensions(&self) -> Vec<&'static str> {
        contents::extensions(self.family, self.major)
    }

    /// The libraries that `shared_preload_libraries` finds in the image, sorted.
    pub fn preload_libraries(&self) -> Vec<&'static str> {
        contents::preload_libraries(self.family, self.major)
    }

    /// The methods of `pg_hba.conf` that the image's server was built without.
    pub fn lacks_methods(&self) -> &'static [&'static str] {
        // The official Dockerfiles: alpine's has `--with-gssapi`, `--with-ldap` and no `--with-pam`; Debian's packages
        // have all three.
        if self.libc == Libc::Musl { &["pam"] } else { &[] }
    }

    /// Whether the image brings this, as an extension or as a library.
    fn brings(&self, name: &str) -> bool {
        self.extensions().contains(&name) || self.preload_libraries().contains(&name)
    }
}

/// Chooses the image for a major and what it has to bring.
///
/// `flavor` is what the user asked for; `None` takes alpine where there is one. `others` are extensions and
/// libraries beside TimescaleDB and `PostGIS`. Only what the table knows can be chosen; any other image is named by
/// hand.
pub fn choose(
    major: Major,
    flavor: Option<Flavor>,
    timescaledb: bool,
    postgis: bool,
    architecture: Architecture,
    others: &[&str],
) -> Result<&'static Image, Fault> {
    let family = Family::of(timescaledb, postgis);
    let of_major = |image: &&Image| image.family == family && image.major == major;
    let wanted = |image: &&Image| of_major(image) && flavor.is_none_or(|flavor| image.flavor == flavor);
    let Some(image) = IMAGES.iter().find(wanted) else {
        return Err(no_image(family, major, flavor, IMAGES.iter().find(of_major)));
    };
    if !image.architectures.contains(&architecture) {
        return Err(wrong_architecture(image, architecture));
    }
    match others.iter().find(|name| !image.brings(name)) {
        Some(missing) => Err(lacks(image, missing)),
        None => Ok(image),
    }
}

/// The major that a tag names, behind `pg` (`pg17.11-ts2.30.2`) or, where the tag counts as PostgreSQL does, in front
/// (`17.11-alpine3.23`). None where it names none.
pub fn major_of_tag(tag: &str, counts_as_postgres: bool) -> Option<u16> {
    let behind_pg = tag.split("pg").skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let rest = behind_pg.or(counts_as_postgres.then_some(tag))?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|major| (10..100).contains(major))
}

fn no_image(family: Family, major: Major, flavor: Option<Flavor>, other: Option<&Image>) -> Fault {
    let base = flavor.map(|flavor| format!("{} ", flavor.word())).unwrap_or_default();
    let title = format!("no {base}image of PostgreSQL {} with {} is known", major.number(), family.words());
    let by_hand = "name one that you have with `postgresql.image`";
    let help = match other {
        Some(other) => {
            format!(
                "set `postgresql.image.flavor` to `{}` for `{}`, or {by_hand}",
                other.flavor.word(),
                other.reference()
            )
        }
        None => by_hand.to_owned(),
    };
    Fault::new(Mistake::NoImage, title, "nobody publishes one, or its tag was never seen", help)
}

fn wrong_architecture(image: &Image, architecture: Architecture) -> Fault {
    let known: Vec<_> = image.architectures.iter().map(|each| each.word()).collect();
    let turn_on = match image.family {
        Family::PostGis => "turn TimescaleDB on too, since the image with both is there for arm64, or ",
        _ => "",
    };
    Fault::new(
        Mistake::NoImage,
        format!("`{}` does not run on {}", image.reference(), architecture.word()),
        format!("it is published for {} only", known.join(" and ")),
        format!("{turn_on}name another image with `postgresql.image`"),
    )
}

fn lacks(image: &Image, missing: &str) -> Fault {
    let brought = match image.family {
        Family::Plain => format!("`{}` brings PostgreSQL's own extensions only", image.reference()),
        family => {
            format!("`{}` brings PostgreSQL's own extensions and {}", image.reference(), family.words())
        }
    };
    let meant = meant(missing);
    let wanted = meant.unwrap_or(missing);
    let remedy = match elsewhere(image, wanted) {
        _ if image.brings(wanted) => None,
        Some(way) => Some(way),
        None if contents::is_of_other_majors(wanted, image.major) => Some(format!(
            "remove it: PostgreSQL {} does not have it, and other majors do",
            image.major.number()
        )),
        // Of a name that somebody made up, no image can be looked for.
        None if meant.is_none() => Some(by_hand(wanted)),
        None => None,
    };
    let help = match (meant, remedy) {
        (Some(meant), Some(remedy)) => format!("did you mean `{meant}`? For that, {remedy}"),
        (Some(meant), None) => format!("did you mean `{meant}`?"),
        (None, remedy) => remedy.unwrap_or_default(),
    };
    Fault::new(Mistake::ImageLacks, format!("the image has no `{missing}`"), brought, help)
}

/// How to come to an image of the table that brings what this one lacks.
fn elsewhere(image: &Image, missing: &str) -> Option<String> {
    let bringing = |family| {
        IMAGES
            .iter()
            .find(|other| other.family == family && other.major == image.major && other.brings(missing))
    };
    let keys = [(Family::TimescaleDb, "timescaledb"), (Family::PostGis, "postgis")];
    if let Some((_, key)) = keys.into_iter().find(|(family, _)| bringing(*family).is_some()) {
        return Some(format!(
            "set `postgresql.extensions.{key}.enabled` to true: that chooses an image with it"
        ));
    }
    let other = bringing(Family::Both).filter(|_| image.family != Family::Both)?;
    Some(format!(
        "set `postgresql.image.repository` to `{}`, `postgresql.image.tag` to `{}`, and add `{missing}` to \
         `postgresql.image.extensions`",
        other.repository, other.tag
    ))
}

/// How to name an image of one's own that has what none of the table has.
pub fn by_hand(missing: &str) -> String {
    format!(
        "name an image that has it by `postgresql.image.repository` and `postgresql.image.tag`, and add `{missing}` to \
         `postgresql.image.extensions`"
    )
}

/// The extension that a name was probably meant to be, where it is none that is known.
pub fn meant(name: &str) -> Option<&'static str> {
    let known = || contents::all().chain(EXTENSIONS.iter().map(|row| row.name));
    if known().any(|known| known == name) { None } else { nearest_name(name, known()) }
}

#[cfg(test)]
mod tests;
