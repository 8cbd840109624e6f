//! How texts sort where that hangs on the image: its C library knows the locales, and its base brings the C library and
//! the ICU. Indexes on texts are wrong as soon as they sort otherwise (the manual, "Collation Support").

use crate::config::Line;
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::images::{self, Libc};
use crate::postgres::parameters;

use super::findings::{Findings, path};
use super::{Image, Subject, databases, libraries};

/// The locales of Debian's images: the C library's own, and the one that their Dockerfile generates (docker-library/postgres,
/// `Dockerfile-debian.template`; `PostGIS` builds on it).
pub(super) const OF_DEBIAN: &str = "`C`, `POSIX`, `C.UTF-8` and `en_US.UTF-8`";

/// Repositories whose Debian images have these and no more.
const DEBIANS: [&str; 2] = ["library/postgres", "postgis/postgis"];

pub(super) fn locales_are_in_the_image(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    if subject.config.postgresql.image.repository.is_some() {
        return;
    }
    let reference = image.reference(subject.config);
    let list = path(&["postgresql", "databases"]);
    for (index, database) in subject.config.postgresql.databases.iter().enumerate() {
        let Some(locale) = database.locale.as_ref().map(Line::as_str) else { continue };
        if !databases::can_be_a_locale(subject.major, locale) {
            continue;
        }
        let at = list.item(index).child("locale");
        let shown = locale.escape_debug();
        match images::libc(&reference) {
            Some(Libc::Musl) if !sorts_by_bytes(locale) => found.at(
                &at,
                "",
                Diagnostic::warning(
                    codes::COLLATION_RISK,
                    format!("texts sort by bytes in this image, and not by `{shown}`"),
                )
                .cause(format!(
                    "the C library of `{reference}` takes any locale's name and compares bytes; on an image of Debian \
                     the same texts would sort otherwise, and indexes on them be wrong"
                ))
                .help(format!("leave `locale` out, and {}", by_language(locale))),
            ),
            _ if lacks_other_locales(subject, image, &reference) && !is_of_debian(locale) => {
                found.at(
                    &at,
                    "",
                    Diagnostic::error(codes::LOCALE_MISSING, format!("the image has no locale `{shown}`"))
                        .cause(format!(
                            "`{reference}` has {OF_DEBIAN}: the server could not make the database"
                        ))
                        .help(format!("write one of these, or leave `locale` out and {}", by_language(locale))),
                );
            }
            _ => {}
        }
    }
}

/// Whether an image has [`OF_DEBIAN`] and no more.
pub(super) fn lacks_other_locales(subject: &Subject<'_>, image: &Image, reference: &str) -> bool {
    subject.config.postgresql.image.repository.is_none()
        && images::libc(reference) == Some(Libc::Glibc)
        && DEBIANS.contains(&image.repository.as_str())
}

pub(super) fn the_tag_names_its_base(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let Some(tag) = subject.config.postgresql.image.tag.as_ref().map(crate::config::Tag::as_str) else {
        return;
    };
    let known = images::IMAGES.iter().any(|row| row.repository == image.repository && row.tag == tag);
    let major = images::major_of_tag(tag, true);
    let other_major = major.is_some_and(|major| major != subject.major.number());
    // One that names no major at all is told as that.
    if known
        || libraries::names_no_major(tag, true)
        || other_major
        || images::names_its_base(&image.reference(subject.config)) != Some(false)
    {
        return;
    }
    found.at(
        &path(&["postgresql", "image", "tag"]),
        "",
        Diagnostic::warning(codes::COLLATION_RISK, format!("the tag `{tag}` does not say what the image is built on"))
            .cause(
                "such a tag is moved to a newer base one day, whose C library or ICU may sort texts otherwise; a node that \
                 pulls it then gets a server that `start` keeps from the data",
            )
            .help(format!(
                "write the whole tag, with the base that the data were made on ({}), or set `postgresql.image.digest`",
                among(&images::whole_tags(tag, subject.major))
            )),
    );
}

/// Tags to choose from; there are more.
pub(super) fn among(tags: &[String]) -> String {
    let tags: Vec<String> = tags.iter().map(|tag| format!("`{tag}`")).collect();
    let more = if tags.len() > 1 { " …" } else { "" };
    format!("{}{more}", tags.join(", "))
}

/// Whether a locale sorts by bytes on every C library.
fn sorts_by_bytes(locale: &str) -> bool {
    matches!(locale, "C" | "POSIX") || is_utf8_of("C", locale)
}

pub(super) fn is_of_debian(locale: &str) -> bool {
    sorts_by_bytes(locale) || is_utf8_of("en_US", locale)
}

/// Whether a locale is a language's in UTF-8.
fn is_utf8_of(language: &str, locale: &str) -> bool {
    let parts = locale.split_once('.');
    parts.is_some_and(|(own, codeset)| own == language && parameters::encoding_letters(codeset) == "utf8")
}

/// How texts sort by the language of a locale in every image.
fn by_language(locale: &str) -> String {
    let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
    let known = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let language = if known { language } else { "und" };
    format!("sort by a language where it matters: `ORDER BY name COLLATE \"{language}-x-icu\"`")
}
