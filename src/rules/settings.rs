//! The parameters of the server: derived, pgpod's own, and those of the values, which win.

use std::collections::BTreeMap;

use crate::config::{Disk as DiskValue, Workload as WorkloadValue};
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::extensions::{self, EnabledExtensions};
use crate::postgres::parameters;
use crate::postgres::tuning::{self, Disk, Shape, Workload};
use crate::quantity::Quantity;
use crate::release::names;
use crate::yaml::ValuePath;

use super::findings::{Findings, path, refused, warned};
use super::{By, Effective, Subject, image};

/// What parameters are derived from, and every parameter that is set, by name.
pub(super) struct Settings {
    pub(super) shape: Shape,
    pub(super) settings: Vec<Effective>,
}

/// Every parameter that is set. None where one of the values is wrong.
pub(super) fn settings(subject: &Subject<'_>, found: &mut Findings<'_>) -> Option<Settings> {
    let given = given(subject, found);
    let mut settings: BTreeMap<String, Effective> = BTreeMap::new();
    let mut set = |name: &str, value: String, by: By| {
        let restart = parameters::needs_restart(subject.major, name);
        settings.insert(name.to_owned(), Effective { name: name.to_owned(), value, restart, by });
    };
    let connections = given.as_ref().and_then(|g| g.get("max_connections")?.parse().ok());
    let shape = shape(subject, connections);
    for derived in tuning::derive(&shape) {
        set(derived.name, derived.value, By::Derived(derived.formula));
    }
    for (name, value) in own(subject) {
        set(name, value, By::Pod);
    }
    let given = given?;
    for (name, value) in given {
        if name == "shared_preload_libraries" {
            let libraries = libraries(subject, Some(&value));
            set(&name, libraries, By::Values);
        } else {
            set(&name, value, By::Values);
        }
    }
    conflicts(subject, &settings, found);
    Some(Settings { shape, settings: settings.into_values().collect() })
}

/// Settings that are right each, and that the server refuses together.
fn conflicts(subject: &Subject<'_>, settings: &BTreeMap<String, Effective>, found: &mut Findings<'_>) {
    let value = |name: &str| settings.get(name)?.read(subject.major);
    let config = path(&["postgresql", "config"]);
    for parameters::Conflict { names, fault } in parameters::conflicts(subject.major, &value) {
        // With several servers it is never the other setting that has to go: `replication` says so.
        if subject.config.is_ha() && names.contains(&"wal_level") {
            continue;
        }
        let given = names.iter().filter(|name| settings.get(**name).is_some_and(|s| s.by == By::Values));
        let at: Vec<ValuePath> = given.map(|name| subject.parameter_at(name)).collect();
        let places: Vec<(&ValuePath, &str)> = at.iter().map(|path| (path, "")).collect();
        let finding = refused(fault);
        if places.is_empty() {
            found.at(&config, "", finding);
        } else {
            found.at_all(&places, finding);
        }
    }
}

/// The parameters of `postgresql.config`, each judged; none where one is wrong.
fn given(subject: &Subject<'_>, found: &mut Findings<'_>) -> Option<BTreeMap<String, String>> {
    let enabled = loaded(subject);
    let mut good = true;
    let mut given = BTreeMap::new();
    let mut keys: BTreeMap<String, ValuePath> = BTreeMap::new();
    let config = path(&["postgresql", "config"]);
    for (name, token) in &subject.config.postgresql.config {
        match parameters::check(subject.major, name, token.as_str(), &enabled) {
            Ok(setting) => {
                let at = config.child(name.as_str());
                if let Some(fault) = extensions::misspelt(name, &enabled) {
                    found.at_key(&at, warned(fault));
                }
                given.insert(setting.name.clone(), setting.text());
                if let Some(other) = keys.insert(setting.name.clone(), at.clone()) {
                    good = false;
                    found.at_all(
                        &[(&at, "here"), (&other, "and here")],
                        Diagnostic::error(codes::PARAMETER_TWICE, format!("`{}` is set twice", setting.name))
                            .cause("the two keys are names of one parameter")
                            .help("keep the one that you mean"),
                    );
                }
            }
            Err(fault) => {
                good = false;
                let finding = refused(fault);
                let at = config.child(name.as_str());
                if parameters::can_be_set(subject.major, name) {
                    found.at(&at, "", finding);
                } else {
                    found.at_key(&at, finding);
                }
            }
        }
    }
    good.then_some(given)
}

fn enabled(subject: &Subject<'_>) -> EnabledExtensions {
    image::enabled(subject.config).into_iter().collect()
}

/// The most servers that a release can have.
pub(super) const MOST_SERVERS: u32 = 9;

/// The extensions, and the libraries that the values load: each brings its parameters.
pub(super) fn loaded(subject: &Subject<'_>) -> EnabledExtensions {
    let libraries =
        super::libraries::named(subject.config).into_iter().map(|(_, _, library)| library.to_owned());
    image::enabled(subject.config).into_iter().chain(libraries).collect()
}

/// The shape that parameters are derived from: the effective values, whoever set them.
fn shape(subject: &Subject<'_>, connections: Option<u32>) -> Shape {
    let config = subject.config;
    let bytes =
        |text: &str| Quantity::parse(text).map_or(0, |q| u64::try_from(q.units()).unwrap_or(u64::MAX));
    let millis = Quantity::parse(config.resources.limits.cpu.as_str()).map_or(0, Quantity::millis);
    Shape {
        memory_bytes: bytes(config.resources.limits.memory.as_str()),
        cpu_millis: u64::try_from(millis).unwrap_or(u64::MAX),
        storage_bytes: bytes(config.persistence.size.as_str()),
        wal_bytes: (config.persistence.wal.enabled && !config.persistence.wal.retire)
            .then(|| bytes(config.persistence.wal.size.as_str())),
        connections: connections.unwrap_or(config.postgresql.max_connections),
        // As many as there can be: a scaling then changes no parameter that needs a restart.
        replicas: if config.is_ha() { MOST_SERVERS } else { config.high_availability.replicas },
        workload: match config.postgresql.workload {
            WorkloadValue::Oltp => Workload::Oltp,
            WorkloadValue::Mixed => Workload::Mixed,
            WorkloadValue::Timeseries => Workload::Timeseries,
            WorkloadValue::Warehouse => Workload::Warehouse,
            WorkloadValue::Edge => Workload::Edge,
        },
        disk: match config.persistence.disk {
            DiskValue::Ssd => Disk::Ssd,
            DiskValue::Nvme => Disk::Nvme,
            DiskValue::Hdd => Disk::Hdd,
            DiskValue::Sd => Disk::Sd,
        },
        timescaledb: config.postgresql.extensions.timescaledb.enabled,
        major: subject.major,
    }
}

/// What the pod itself depends on.
fn own(subject: &Subject<'_>) -> Vec<(&'static str, String)> {
    let mut own: Vec<(&'static str, String)> = vec![
        ("cluster_name", subject.release.name.clone()),
        ("hba_file", "/etc/pgpod/config/pg_hba.conf".into()),
        ("ident_file", "/etc/pgpod/config/pg_ident.conf".into()),
        ("listen_addresses", "*".into()),
        ("log_destination", "stderr".into()),
        ("logging_collector", "off".into()),
        ("password_encryption", "scram-sha-256".into()),
        ("port", names::PORT.to_string()),
        ("unix_socket_directories", "/var/run/postgresql".into()),
    ];
    let libraries = libraries(subject, None);
    if !libraries.is_empty() {
        own.push(("shared_preload_libraries", libraries));
    }
    if subject.major.number() >= 17 {
        // What is not in the values would be gone with the next volume, and nobody would know.
        own.push(("allow_alter_system", "off".into()));
    }
    if subject.config.is_ha() {
        let ha = &subject.config.high_availability;
        own.push(("hot_standby", "on".into()));
        own.push(("wal_level", "replica".into()));
        // What pg_rewind needs, even of a cluster without checksums.
        own.push(("wal_log_hints", "on".into()));
        if ha.read_service.enabled {
            // Queries on standbys are not cancelled for what vacuum removes; it then removes it later.
            own.push(("hot_standby_feedback", "on".into()));
        }
        if ha.synchronous.enabled {
            own.push(("synchronous_commit", ha.synchronous.commit.as_str().into()));
        }
    }
    if subject.config.security.tls.enabled {
        own.push(("ssl", "on".into()));
        own.push(("ssl_cert_file", "/etc/pgpod/tls/tls.crt".into()));
        own.push(("ssl_key_file", "/etc/pgpod/tls/tls.key".into()));
        own.push(("ssl_min_protocol_version", "TLSv1.2".into()));
    }
    own
}

/// The libraries that the extensions need, in the order that they need, then those of the values.
fn libraries(subject: &Subject<'_>, more: Option<&str>) -> String {
    let mut libraries: Vec<String> =
        enabled(subject).preload_libraries().into_iter().map(str::to_owned).collect();
    for library in more.into_iter().flat_map(|list| list.split(',')) {
        let library = library.trim().trim_matches('"');
        if !library.is_empty() && !libraries.iter().any(|known| known == library) {
            libraries.push(library.to_owned());
        }
    }
    libraries.join(",")
}
