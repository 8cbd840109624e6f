//! What an image's name comes to once its registry stands in front of its repository.

use crate::config::{Registry, Repository};
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::images;

use super::findings::{Findings, path};
use super::image::parts;
use super::{Image, Subject};

/// Docker Hub, by its names.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// An image of the release: its keys, what the values say, and the table's registry and repository.
struct Named<'a> {
    key: &'static [&'static str],
    registry: Option<&'a Registry>,
    repository: Option<&'a Repository>,
    table: (&'a str, &'a str),
}

fn named<'a>(subject: &Subject<'a>, image: &'a Image) -> Vec<Named<'a>> {
    let (exporter, reader) =
        (&subject.config.monitoring.exporter, &subject.config.high_availability.read_service);
    let server = &subject.config.postgresql.image;
    let mut named = vec![Named {
        key: &["postgresql", "image"],
        registry: server.registry.as_ref(),
        repository: server.repository.as_ref(),
        table: (&image.registry, &image.repository),
    }];
    let mut beside = |key, own: &'a crate::config::Image, table| {
        let (registry, repository, _) = parts(table);
        named.push(Named {
            key,
            registry: own.registry.as_ref(),
            repository: own.repository.as_ref(),
            table: (registry, repository),
        });
    };
    if exporter.enabled {
        beside(&["monitoring", "exporter", "image"], &exporter.image, images::EXPORTER);
    }
    if subject.config.is_ha() && reader.enabled {
        beside(&["highAvailability", "readService", "image"], &reader.image, images::CURL);
    }
    named
}

pub(super) fn stands_in_front_once(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let global = subject.config.global.image_registry.as_ref();
    for Named { key, registry: own, repository: written, table } in named(subject, image) {
        let key = path(key);
        let (registry_at, repository_at) = (key.child("registry"), key.child("repository"));
        let given = own.or(global).map(Registry::as_str);
        let registry = given.unwrap_or(table.0).trim_end_matches('/');
        let repository = written.map_or(table.1, Repository::as_str);
        let host = registry.split('/').next().unwrap_or_default();
        let whole = format!("{registry}/{repository}");
        let (first, rest) = repository.split_once('/').unwrap_or(("", repository));
        let on_hub = DOCKER_HUB.contains(&host);
        if is_host(first) && first != host && (given.is_none() || on_hub) {
            let title = format!("the image would come from `{host}`, and not from `{first}`");
            let finding = Diagnostic::error(codes::IMAGE_ELSEWHERE, title)
                .cause(format!("the registry stands in front of the repository: `{whole}`"))
                .help(format!("set `{registry_at}` to `{first}`, and `{repository_at}` to `{rest}`"));
            found.at(&repository_at, "", finding);
        } else if first == host {
            let title = format!("the image's name holds `{host}` twice");
            // A mirror of many registries may have one of its own name.
            let severity = if on_hub { Diagnostic::error } else { Diagnostic::warning };
            let finding = severity(codes::IMAGE_ELSEWHERE, title)
                .cause(format!("the registry stands in front of the repository: `{whole}`"));
            let help = if registry == repository {
                format!("set `{registry_at}` to `{host}`, and `{repository_at}` to `{rest}`")
            } else {
                format!("set `{repository_at}` to `{rest}`")
            };
            found.at(&repository_at, "", finding.help(help));
        } else if on_hub && whole.split('/').count() > 3 {
            let title = format!("`{whole}` is no name of an image on Docker Hub");
            let finding = Diagnostic::error(codes::IMAGE_ELSEWHERE, title)
                .cause("names there have two parts behind the registry, as `timescale/timescaledb` has");
            if registry == host {
                found.at(
                    &repository_at,
                    "",
                    finding.help("write two parts at most, as Docker Hub shows them"),
                );
            } else {
                let at = if own.is_some() { registry_at } else { path(&["global", "imageRegistry"]) };
                let help = format!("write `{host}` alone: the repository is `{repository}` already");
                found.at(&at, "", finding.help(help));
            }
        }
    }
}

/// Whether the first part of a repository would be read as a registry if nothing stood in front of it; a port cannot be in
/// one (github.com/distribution/reference, `splitDockerDomain`).
fn is_host(part: &str) -> bool {
    part == "localhost" || part.contains('.')
}
