//! What the rules found out about a release on the way, for the plan.

use crate::config::{Config, Digest};
use crate::postgres::Major;
use crate::postgres::budget::Budget;
use crate::postgres::extensions::is_library_alone;
use crate::postgres::parameters;
use crate::postgres::tuning::Shape;

/// What the plan needs beside the values.
#[derive(Debug, Clone)]
pub struct Facts {
    pub major: Major,
    pub image: Image,
    /// The exporter's image: registry, repository, tag.
    pub exporter: (&'static str, &'static str, &'static str),
    /// The image of the container `role`, likewise.
    pub curl: (&'static str, &'static str, &'static str),
    /// The locale of a new cluster: provider and name.
    pub locale: &'static str,
    /// The size of `/dev/shm`.
    pub shm: String,
    /// What parameters are derived from.
    pub shape: Shape,
    /// What the parameters in effect can take of the memory limit.
    pub budget: Budget,
    /// The least memory limit that they fit, as Kubernetes writes it, where they don't fit the one that is set.
    pub enough_memory: Option<String>,
    /// Every parameter that `postgresql.conf` sets, by name.
    pub settings: Vec<Effective>,
    /// `pg_hba.conf`.
    pub hba: String,
    /// `pg_ident.conf`.
    pub ident: String,
    /// The extensions that are asked for in every database.
    pub extensions: Vec<String>,
}

impl Facts {
    /// Whether there is something to create in a database: a library alone (`auto_explain`) is loaded, and that is all.
    pub fn creates(&self, extension: &str) -> bool {
        !is_library_alone(extension)
    }
}

/// The server's image, by the table and the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub registry: String,
    pub repository: String,
    pub tag: String,
    /// The architectures that it has a build for; none where that is not known.
    pub architectures: Vec<&'static str>,
}

impl Image {
    /// The server's image as its pod names it: what the values say, over the table's row.
    pub fn reference(&self, config: &Config) -> String {
        let own = &config.postgresql.image;
        let registry = own.registry.as_ref().or(config.global.image_registry.as_ref());
        image_reference(
            registry.map_or(&self.registry, |registry| registry.as_str()),
            own.repository.as_ref().map_or(&self.repository, |repository| repository.as_str()),
            own.tag.as_ref().map_or(&self.tag, |tag| tag.as_str()),
            own.digest.as_ref().map(Digest::as_str),
        )
    }
}

/// The name of an image, as container runtimes read it.
pub fn image_reference(registry: &str, repository: &str, tag: &str, digest: Option<&str>) -> String {
    let mut reference = format!("{}/{repository}", registry.trim_end_matches('/'));
    if !tag.is_empty() {
        reference.push(':');
        reference.push_str(tag);
    }
    if let Some(digest) = digest {
        reference.push('@');
        reference.push_str(digest);
    }
    reference
}

/// A parameter that is set, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub name: String,
    /// As PostgreSQL reads it, without quotes.
    pub value: String,
    /// Whether it takes effect with a restart only.
    pub restart: bool,
    pub by: By,
}

impl Effective {
    /// The value as the server reads it; none where the parameter is not in the table of this major.
    pub(super) fn read(&self, major: Major) -> Option<parameters::Value> {
        parameters::read(major, &self.name, &self.value)
    }
}

/// Who sets a parameter. The later wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Derived from the shape; the formula with its numbers.
    Derived(String),
    /// pgpod itself, since the pod depends on it.
    Pod,
    /// `postgresql.config`.
    Values,
}
