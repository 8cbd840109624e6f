//! Parameters and values that not every server takes, against what is known of the image; where nothing is known of it,
//! nothing is said.

use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::images::{self, Libc};
use crate::postgres::parameters::{self, Setting};
use crate::yaml::ValuePath;

use super::collations::{OF_DEBIAN, is_of_debian, lacks_other_locales};
use super::findings::{Findings, path};
use super::{Image, Subject, settings};

/// What late minor releases brought: the parameter, the major, the last release that was seen without it, the first that
/// was seen with it.
const LATE: [(&str, u16, u16, u16); 4] = [
    ("composite_type_mismatch", 15, 18, 20),
    ("composite_type_mismatch", 17, 10, 12),
    ("output_plugin_libraries", 15, 18, 20),
    ("output_plugin_libraries", 17, 10, 12),
];

pub(super) fn are_met(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let config = path(&["postgresql", "config"]);
    let loaded = settings::loaded(subject);
    for (key, token) in &subject.config.postgresql.config {
        let Ok(setting) = parameters::check(subject.major, key, token.as_str(), &loaded) else { continue };
        let Some(needs) = &setting.needs else { continue };
        if let Some((finding, of_the_name)) = missing(subject, image, &setting, needs) {
            let at = config.child(key.as_str());
            if of_the_name {
                found.at_key(&at, finding);
            } else {
                found.at(&at, "", finding);
            }
        }
    }
}

/// A server with TLS does not start without the file of its Diffie-Hellman parameters.
pub(super) fn files_are_mounted(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let Some((at, file)) = written(subject, "ssl_dh_params_file") else { return };
    if !subject.config.security.tls.enabled || file.is_empty() || is_mounted(subject, file) {
        return;
    }
    let title = format!("nothing says that the server finds the file `{}`", file.escape_debug());
    found.at(
        &at,
        "",
        Diagnostic::warning(codes::PARAMETER_RISK, title)
            .cause("no volume of `extraVolumeMounts` is mounted there, and without the file the server does not start")
            .help("mount it by `extraVolumes` and `extraVolumeMounts`, or leave the parameter out"),
    );
}

/// Folders of the server's container that it can write to, beside `extraVolumeMounts`.
const WRITABLE: [&str; 7] = [
    "/dev",
    "/run/postgresql",
    "/tmp",
    "/var/lib/postgresql",
    "/var/lib/postgresql-wal",
    "/var/run/pgpod",
    "/var/run/postgresql",
];

/// A server that keeps its log in files does not start where it cannot write them.
pub(super) fn log_folder_is_writable(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let collects = written(subject, "logging_collector")
        .and_then(|(_, text)| parameters::read(subject.major, "logging_collector", text))
        .is_some_and(|value| value.to_string() == "on");
    let Some((at, folder)) = written(subject, "log_directory") else { return };
    // A relative one is below the data.
    if !collects || !folder.starts_with('/') || is_mounted(subject, folder) {
        return;
    }
    if WRITABLE.iter().any(|writable| holds(writable, folder)) {
        return;
    }
    let title = format!("nothing says that the server can write to `{}`", folder.escape_debug());
    found.at(
        &at,
        "",
        Diagnostic::warning(codes::PARAMETER_RISK, title)
            .cause(
                "no volume is mounted there, and the container's own files are read-only: with `logging_collector=on` \
                 the server does not start",
            )
            .help("leave `logging_collector` out, or mount a volume there by `extraVolumes` and `extraVolumeMounts`"),
    );
}

/// A parameter of the values: where it stands, and what was written.
fn written<'a>(subject: &Subject<'a>, name: &str) -> Option<(ValuePath, &'a str)> {
    let config = &subject.config.postgresql.config;
    let (_, token) = config.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some((subject.parameter(name)?, token.as_str()))
}

/// Whether a volume of the values is mounted where a path leads.
fn is_mounted(subject: &Subject<'_>, file: &str) -> bool {
    let mut mounts = subject.config.extra_volume_mounts.iter();
    mounts.any(|mount| {
        mount.0.get("mountPath").and_then(|path| path.as_str()).is_some_and(|path| holds(path, file))
    })
}

fn holds(folder: &str, file: &str) -> bool {
    file.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a setting lacks, and whether it is the parameter that is not there.
fn missing(
    subject: &Subject<'_>,
    image: &Image,
    setting: &Setting,
    needs: &str,
) -> Option<(Diagnostic, bool)> {
    let (name, reference) = (setting.name.as_str(), image.reference(subject.config));
    match name {
        "extension_destdir" if images::libc(&reference) == Some(Libc::Musl) => {
            let finding = no_parameter(name)
                .cause(format!(
                    "it needs {needs}, and `{reference}` is built on Alpine: the server does not start"
                ))
                .help("set `postgresql.image.flavor` to `debian`, or remove it");
            Some((finding, true))
        }
        "lc_messages" | "lc_monetary" | "lc_numeric" | "lc_time" => {
            let text = setting.text();
            (lacks_other_locales(subject, image, &reference) && !is_of_debian(&text)).then(|| {
                let title = format!("the image has no locale `{}`", text.escape_debug());
                let finding = Diagnostic::error(codes::LOCALE_MISSING, title)
                    .cause(format!("`{reference}` has {OF_DEBIAN}: the server does not start"))
                    .help("write one of these, or remove it");
                (finding, false)
            })
        }
        "max_stack_depth" => {
            let title =
                format!("`max_stack_depth={}` is more than a container's stack has room for", setting.text());
            let finding = Diagnostic::warning(codes::PARAMETER_RISK, title)
                .cause(format!("it needs {needs}, and with less the server does not start"))
                .help("write at most `7680kB`, or leave it out");
            Some((finding, false))
        }
        _ => {
            let (major, release) = images::release(&reference)?;
            let late = |row: &&(&str, u16, u16, u16)| row.0 == name && row.1 == major;
            let (.., without, with) = LATE.iter().find(late)?;
            let finding = match release {
                _ if release >= *with => return None,
                _ if release <= *without => no_parameter(name).cause(format!(
                    "it needs {needs}, and `{reference}` is older: the server does not start"
                )),
                _ => {
                    let title = format!("nothing says that the image's server has the parameter `{name}`");
                    let cause = format!(
                        "it needs {needs}; of `{reference}` nobody looked, and without it the server does not start"
                    );
                    Diagnostic::warning(codes::IMAGE_LACKS, title).cause(cause)
                }
            };
            Some((finding.help("name a newer image by `postgresql.image.tag`, or remove it"), true))
        }
    }
}

fn no_parameter(name: &str) -> Diagnostic {
    Diagnostic::error(codes::IMAGE_LACKS, format!("the image's server has no parameter `{name}`"))
}
