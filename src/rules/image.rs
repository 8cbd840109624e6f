//! The server's image, and what is in it.

use crate::config::{self, Config, Extensions};
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::Major;
use crate::postgres::images::{self, Architecture, Flavor};
use crate::yaml::ValuePath;

use super::findings::{Findings, path, refused};
use super::{Image, Subject};

/// The extensions of `postgresql.extensions` and of databases, by their names in `CREATE EXTENSION`.
pub(super) fn enabled(config: &Config) -> Vec<String> {
    let mut names = created(config);
    for name in config.postgresql.databases.iter().flat_map(|d| d.extensions.iter().flatten()) {
        if !names.iter().any(|known| known == name.as_str()) {
            names.push(name.as_str().to_owned());
        }
    }
    names
}

/// The extensions that every database gets.
pub(super) fn created(config: &Config) -> Vec<String> {
    let extensions = &config.postgresql.extensions;
    let on = named(extensions).into_iter().filter(|(.., on)| *on);
    let mut names: Vec<String> = on.map(|(name, ..)| name.to_owned()).collect();
    for name in &extensions.other {
        if !names.iter().any(|known| known == name.as_str()) {
            names.push(name.as_str().to_owned());
        }
    }
    names
}

/// The image of pgpod's table that suits the values, with what the values say instead; an extension that the image lacks is
/// an error where it is asked for.
pub(super) fn choose(subject: &Subject<'_>, found: &mut Findings<'_>) -> Option<Image> {
    let own = &subject.config.postgresql.image;
    let extensions = &subject.config.postgresql.extensions;
    if own.repository.is_some() {
        return custom(subject, found);
    }
    let flavor = match own.flavor {
        config::Flavor::Alpine => Flavor::Alpine,
        config::Flavor::Debian => Flavor::Debian,
    };
    // TimescaleDB's images come in one flavor each: asking for the default one is asking for any.
    let flavor_given = found.is_given(&path(&["postgresql", "image", "flavor"]));
    let flavor = (flavor_given || !extensions.timescaledb.enabled).then_some(flavor);
    let architecture = match subject.config.architecture {
        Some(config::Architecture::Arm64) => Architecture::Arm64,
        _ => Architecture::Amd64,
    };
    let (timescaledb, postgis) = (extensions.timescaledb.enabled, extensions.postgis.enabled);
    let image = match images::choose(subject.major, flavor, timescaledb, postgis, architecture, &[]) {
        Ok(image) => image,
        Err(fault) => {
            let finding = refused(fault);
            found.at(&cause_of_choice(subject, flavor_given), "", finding);
            return None;
        }
    };
    for (name, at) in wanted(subject.config) {
        let others = [name.as_str()];
        if let Err(fault) = images::choose(subject.major, flavor, timescaledb, postgis, architecture, &others)
        {
            found.at(&at, "", refused(fault));
        }
    }
    Some(Image {
        registry: image.registry.to_owned(),
        repository: image.repository.to_owned(),
        tag: image.tag.to_owned(),
        architectures: image.architectures.iter().map(|a| a.word()).collect(),
    })
}

/// The value that an image could not be found for.
fn cause_of_choice(subject: &Subject<'_>, flavor_given: bool) -> ValuePath {
    let extensions = &subject.config.postgresql.extensions;
    if subject.config.architecture == Some(config::Architecture::Arm64) {
        return path(&["architecture"]);
    }
    match (flavor_given, extensions.timescaledb.enabled, extensions.postgis.enabled) {
        (true, ..) => path(&["postgresql", "image", "flavor"]),
        (_, true, _) => path(&["postgresql", "extensions", "timescaledb", "enabled"]),
        (_, _, true) => path(&["postgresql", "extensions", "postgis", "enabled"]),
        _ => path(&["postgresql", "version"]),
    }
}

/// An image of the user's own: what it has beside PostgreSQL's own extensions, it states.
fn custom(subject: &Subject<'_>, found: &mut Findings<'_>) -> Option<Image> {
    let own = &subject.config.postgresql.image;
    if own.tag.is_none() && own.digest.is_none() {
        found.at(
            &path(&["postgresql", "image", "repository"]),
            "",
            Diagnostic::error(codes::IMAGE_UNPINNED, "an image of your own needs a tag or a digest")
                .help("set `postgresql.image.tag` to the exact version that you want to run"),
        );
        return None;
    }
    let bundled = plain(subject.major)
        .map(|image| [image.extensions(), image.preload_libraries()].concat())
        .unwrap_or_default();
    let stated: Vec<&str> = own.extensions.iter().flatten().map(config::Line::as_str).collect();
    for (name, at) in wanted(subject.config) {
        if !bundled.contains(&name.as_str()) && !stated.contains(&name.as_str()) {
            let add = format!("if it has it, add `{name}` to `postgresql.image.extensions`");
            let help = match images::meant(&name) {
                Some(meant) => format!("did you mean `{meant}`? Otherwise, {add}"),
                None => add,
            };
            found.at(
                &at,
                "",
                Diagnostic::error(codes::IMAGE_LACKS, format!("nothing says that the image has `{name}`"))
                    .cause("an image of your own is expected to have PostgreSQL's own extensions; any other is to be stated")
                    .help(help),
            );
        }
    }
    Some(Image {
        registry: "docker.io".to_owned(),
        repository: own.repository.as_ref()?.as_str().to_owned(),
        tag: own.tag.as_ref().map_or_else(String::new, |tag| tag.as_str().to_owned()),
        architectures: Vec::new(),
    })
}

/// The image that has PostgreSQL's own extensions and no more.
pub(super) fn plain(major: Major) -> Option<&'static images::Image> {
    images::choose(major, None, false, false, Architecture::Amd64, &[]).ok()
}

/// The row of pgpod's table that an image was chosen from.
pub(super) fn row(image: &Image) -> Option<&'static images::Image> {
    images::IMAGES.iter().find(|row| row.repository == image.repository && row.tag == image.tag)
}

/// Every extension that is asked for, and where.
fn wanted(config: &Config) -> Vec<(String, ValuePath)> {
    let extensions = &config.postgresql.extensions;
    let base = path(&["postgresql", "extensions"]);
    let mut wanted: Vec<(String, ValuePath)> = named(extensions)
        .into_iter()
        .filter(|(_, _, on)| *on)
        .map(|(name, key, _)| (name.to_owned(), base.child(key).child("enabled")))
        .collect();
    let others = extensions.other.iter().enumerate();
    wanted.extend(others.map(|(i, name)| (name.as_str().to_owned(), base.child("other").item(i))));
    for (index, database) in config.postgresql.databases.iter().enumerate() {
        let base = path(&["postgresql", "databases"]).item(index).child("extensions");
        let own = database.extensions.iter().flatten().enumerate();
        wanted.extend(own.map(|(i, name)| (name.as_str().to_owned(), base.item(i))));
    }
    wanted
}

/// The extensions that have a key of their own: name, key, whether it is on.
fn named(extensions: &Extensions) -> [(&'static str, &'static str, bool); 5] {
    [
        ("timescaledb", "timescaledb", extensions.timescaledb.enabled),
        ("postgis", "postgis", extensions.postgis.enabled),
        ("pg_stat_statements", "pgStatStatements", extensions.pg_stat_statements.enabled),
        ("pgaudit", "pgaudit", extensions.pgaudit.enabled),
        ("pg_cron", "pgCron", extensions.pg_cron.enabled),
    ]
}

/// An image of the table: registry, repository, tag.
pub(super) fn parts(image: &'static str) -> (&'static str, &'static str, &'static str) {
    let (registry, rest) = image.split_once('/').expect("the table's image names its registry");
    let (repository, tag) = rest.split_once(':').expect("the table's image has a tag");
    (registry, repository, tag)
}
