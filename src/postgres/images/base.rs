//! What an image is built on, by its name: the base brings the C library and the ICU, and these sort texts.

use super::{Family, IMAGES, Image, Libc, Major};

/// Releases of Debian, each with a glibc of its own, as tags name them.
const DEBIANS: [&str; 5] = ["buster", "bullseye", "bookworm", "trixie", "forky"];

/// Whether two images sort texts by the same C library, by their names; none where these don't tell.
pub fn same_libc(one: &str, other: &str) -> Option<bool> {
    let (libc_of_one, libc_of_other) = (libc(one)?, libc(other)?);
    if libc_of_one != libc_of_other || libc_of_one == Libc::Musl {
        // musl compares bytes, in all its versions.
        return Some(libc_of_one == libc_of_other);
    }
    let debian = |image: &str| DEBIANS.into_iter().find(|name| split(image).1.contains(name));
    match (debian(one), debian(other)) {
        (Some(one), Some(other)) => Some(one == other),
        (None, None) => (split(one).0 == split(other).0).then_some(true),
        _ => None,
    }
}

/// The name of an image without its digest, and its tag.
fn split(reference: &str) -> (&str, &str) {
    let name = reference.split('@').next().unwrap_or_default();
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (name, ""),
    }
}

/// The C library of an image by its name, on whatever registry; none where its repository is unknown.
pub fn libc(reference: &str) -> Option<Libc> {
    let (name, tag) = split(reference);
    let mut known = IMAGES.iter().filter(|image| is_of(name, image)).map(|image| image.libc);
    let first = known.next()?;
    if known.all(|libc| libc == first) {
        return Some(first);
    }
    Some(if tag.contains("alpine") { Libc::Musl } else { Libc::Glibc })
}

/// The row of the table that has the repository of an image, on whatever registry, and a major; none where the repository
/// is unknown.
pub fn of_repository(reference: &str, major: Major) -> Option<&'static Image> {
    let name = split(reference).0;
    IMAGES.iter().find(|image| image.major == major && is_of(name, image))
}

/// The major and the minor release that an image of PostgreSQL's own name says: `17.12-alpine` is 17 and 12.
pub fn release(reference: &str) -> Option<(u16, u16)> {
    let (name, tag) = split(reference);
    IMAGES.iter().find(|image| image.family == Family::Plain && is_of(name, image))?;
    let (major, rest) = tag.split_once('.')?;
    let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Whether a name is of the repository of an image, on whatever registry.
fn is_of(name: &str, image: &Image) -> bool {
    let begins = name.strip_suffix(image.repository);
    begins.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        || (image.family == Family::Plain && matches!(name, "postgres" | "docker.io/postgres"))
}

/// Whether the name of an image holds its base, so that a pull never brings another one; none where its repository has no
/// such names, or is unknown. The official image has them: `17.11-trixie`, `17.11-alpine3.23`.
pub fn names_its_base(reference: &str) -> Option<bool> {
    let (name, tag) = split(reference);
    let official = IMAGES.iter().any(|image| image.family == Family::Plain && is_of(name, image));
    official.then(|| tag_names_its_base(tag) || reference.contains('@'))
}

fn tag_names_its_base(tag: &str) -> bool {
    let alpine = tag.split_once("alpine").is_some_and(|(_, version)| !version.is_empty());
    alpine || DEBIANS.iter().any(|debian| tag.contains(debian))
}

/// Tags of the official image that say major and base, and are otherwise as one that lacks either: which of them are
/// published, the registry knows.
pub fn whole_tags(tag: &str, major: Major) -> Vec<String> {
    let number = major.number().to_string();
    let has_version = tag.starts_with(|c: char| c.is_ascii_digit());
    let version = if has_version { tag.split('-').next().unwrap_or(tag) } else { &number };
    let base = if has_version { tag.split_once('-').map_or("", |(_, base)| base) } else { tag };
    let bases: &[&str] = match base {
        base if tag_names_its_base(base) => &[base],
        "alpine" => &["alpine3.22", "alpine3.23"],
        _ => &["bookworm", "trixie", "alpine3.23"],
    };
    bases.iter().map(|base| format!("{version}-{base}")).collect()
}
