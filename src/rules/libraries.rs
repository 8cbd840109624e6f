//! Libraries that the server is told to load: the image has to have them, or it does not start.

use crate::config::Config;
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::{images, parameters};
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::{Image, Subject, collations, image};

/// The parameters that name libraries, and what a missing one does.
const PARAMETERS: [(&str, &str); 6] = [
    ("archive_library", "nothing is archived, and the log fills the volume"),
    (JIT, "nothing is compiled, and long queries take longer"),
    ("local_preload_libraries", "no session can start"),
    ("oauth_validator_libraries", "nobody gets in by a rule with `oauth`"),
    ("session_preload_libraries", "no session can start"),
    ("shared_preload_libraries", "the server does not start"),
];

/// The one whose library the server does without.
const JIT: &str = "jit_provider";
/// What it is by default; an image without it has no other one.
const LLVM: &str = "llvmjit";

pub(super) fn are_in_the_image(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let own = &subject.config.postgresql.image;
    let row = image::row(image).filter(|_| own.repository.is_none());
    let known: Vec<&str> = match row.or_else(|| image::plain(subject.major)) {
        Some(row) => [row.extensions(), row.preload_libraries()].concat(),
        None => return,
    };
    let stated = own.extensions.iter().flatten().map(crate::config::Line::as_str);
    let known: Vec<&str> = known.into_iter().chain(stated.filter(|_| row.is_none())).collect();
    let named = named(subject.config).into_iter();
    for (at, (parameter, effect), library) in
        named.filter(|(_, (name, _), _)| parameters::can_be_set(subject.major, name))
    {
        if parameter == "local_preload_libraries" {
            found.at(&at, "", not_a_plugin(library));
        } else if parameter == JIT && library == LLVM {
        } else if !library.starts_with('/') && !known.contains(&library) {
            found.at(&at, "", missing(library, row, effect, parameter == JIT));
        }
    }
}

/// Every library that the values name: where, the row of its parameter, its name.
pub(super) fn named(config: &Config) -> Vec<(ValuePath, (&'static str, &'static str), &str)> {
    let mut named = Vec::new();
    for (key, token) in &config.postgresql.config {
        let Some(row) = PARAMETERS.into_iter().find(|(name, _)| key.eq_ignore_ascii_case(name)) else {
            continue;
        };
        let at = path(&["postgresql", "config"]).child(key.as_str());
        let libraries = token.as_str().split(',').map(bare).filter(|library| !library.is_empty());
        named.extend(libraries.map(|library| (at.clone(), row, library)));
    }
    named
}

/// A library's name without what people put around it.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_matches('"');
    let text = text.strip_prefix("$libdir/").unwrap_or(text);
    text.strip_suffix(".so").unwrap_or(text)
}

fn missing(library: &str, row: Option<&images::Image>, effect: &str, goes_on: bool) -> Diagnostic {
    let severity = if goes_on { Diagnostic::warning } else { Diagnostic::error };
    match row {
        Some(row) => severity(codes::IMAGE_LACKS, format!("the image has no library `{library}`"))
            .cause(format!("`{}` does not bring it: {effect}", row.reference()))
            .help(format!("remove it, or {}", images::by_hand(library))),
        None => {
            severity(codes::IMAGE_LACKS, format!("nothing says that the image has the library `{library}`"))
                .cause(format!("without it {effect}"))
                .help(format!("if it has it, add `{library}` to `postgresql.image.extensions`"))
        }
    }
}

fn not_a_plugin(library: &str) -> Diagnostic {
    Diagnostic::error(
        codes::IMAGE_LACKS,
        format!("`{library}` cannot be loaded by `local_preload_libraries`"),
    )
    .cause(
        "it takes libraries of the folder `$libdir/plugins` only, which no image has: no session could start",
    )
    .help("write `session_preload_libraries`")
}

/// The tag that somebody chose has to be of the major that everything else is made for.
pub(super) fn tag_is_of_the_major(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let own = &subject.config.postgresql.image;
    let Some(tag) = &own.tag else { return };
    // What the number in front of the tag of any other image counts, nobody knows.
    let is_postgres =
        own.repository.as_ref().is_none_or(|r| r.as_str().rsplit('/').next() == Some("postgres"));
    let major = subject.major.number();
    let Some(other) = images::major_of_tag(tag.as_str(), is_postgres).filter(|other| *other != major) else {
        return;
    };
    let tag_at: ValuePath = path(&["postgresql", "image", "tag"]);
    let title = format!(
        "the tag `{}` is of PostgreSQL {other}, and everything else is made for {major}",
        tag.as_str()
    );
    found.at_all(
        &[(&tag_at, "the image"), (&path(&["postgresql", "version"]), "the version")],
        Diagnostic::error(codes::TAG_MAJOR, title)
            .cause("another major neither takes these settings nor reads this data")
            .help(format!("set `postgresql.version` to {other}, or leave the tag out")),
    );
}

/// Whether a tag of a repository of the table names no major: it is of whatever is newest there.
pub(super) fn names_no_major(tag: &str, counts_as_postgres: bool) -> bool {
    let counted = counts_as_postgres && tag.starts_with(|c: char| c.is_ascii_digit());
    !counted && images::major_of_tag(tag, counts_as_postgres).is_none()
}

/// A tag without a major is moved to the next major on the day it is out.
pub(super) fn tag_names_its_major(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let own = &subject.config.postgresql.image;
    let Some(tag) = own.tag.as_ref().map(crate::config::Tag::as_str).filter(|_| own.digest.is_none()) else {
        return;
    };
    let at = path(&["postgresql", "image", "tag"]);
    let reference = image.reference(subject.config);
    let Some(row) = images::of_repository(&reference, subject.major) else {
        if tag == "latest" {
            found.at(
                &at,
                "",
                Diagnostic::warning(codes::IMAGE_UNPINNED, "the tag `latest` is no version")
                    .cause(format!(
                        "each node runs what `{reference}` was when it pulled, which may be another major"
                    ))
                    .help(
                        "write the tag of the version that you want to run, or set `postgresql.image.digest`",
                    ),
            );
        }
        return;
    };
    let counts = row.family != images::Family::TimescaleDb && row.family != images::Family::Both;
    if !names_no_major(tag, counts) {
        return;
    }
    let major = subject.major.number();
    let whole = match row.family {
        images::Family::Plain => {
            let tags = collations::among(&images::whole_tags(tag, subject.major));
            format!("write the whole tag, with the base that the data were made on ({tags})")
        }
        _ => format!("write the whole tag (`{}`)", row.tag),
    };
    found.at_all(
        &[(&at, "the image"), (&path(&["postgresql", "version"]), "the version")],
        Diagnostic::warning(codes::TAG_MAJOR, format!("the tag `{tag}` does not name PostgreSQL {major}"))
            .cause(format!(
                "such a tag is of the newest major there is when it is pulled, and `start` keeps any other than {major} from \
                 the data"
            ))
            .help(format!("{whole}, or set `postgresql.image.digest`")),
    );
}
