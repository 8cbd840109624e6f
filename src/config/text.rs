//! Texts with rules: each is a type with one check, and a row of [`FORMATS`], by which the schema walk
//! finds every misfit in one run.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::image;
use crate::names::Rule;
use crate::quantity::Quantity;

/// What a text must look like: the schema's `format` and the check, which says what is wrong and what
/// would be right.
pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) check: fn(&str) -> Result<(), String>,
    /// What to write instead.
    pub(crate) help: &'static str,
}

/// Every format of the values' schema.
pub(crate) const FORMATS: &[Format] = &[
    Format { name: "quantity", check: quantity, help: "write one like `50Gi` for bytes, or `500m` for CPUs" },
    Format { name: "token", check: token, help: "write it as in `postgresql.conf`: `200`, `on`, `16MB`" },
    Format { name: "secret", check: secret, help: "write it in one line, without control characters" },
    Format { name: "identifier", check: identifier, help: "write a name like `plant_7`" },
    Format { name: "dns-label", check: dns_label, help: "write a name like `plant7`" },
    Format { name: "dns-subdomain", check: dns_subdomain, help: "write a name like `plant7` or `db.plant7`" },
    Format { name: "label-value", check: label_value, help: "write one like `plant7` or `line-4.a`" },
    Format { name: "file-name", check: file_name, help: "write a name like `01-seed.sql`" },
    Format { name: "line", check: line, help: "write it in one line" },
    Format { name: "text", check: no_nul, help: "write it without the NUL character" },
    Format { name: "registry", check: image::registry, help: "write one like `registry.plant.local:5000`" },
    Format { name: "repository", check: image::repository, help: "write one like `timescale/timescaledb`" },
    Format { name: "tag", check: image::tag, help: "write one like `17.11-trixie`" },
    Format {
        name: "digest",
        check: image::digest,
        help: "write one as `docker inspect` shows it: `sha256:` and 64 hexadecimal digits",
    },
    Format {
        name: "storage-class",
        check: storage_class,
        help: "write the name of one that `kubectl get storageclass` lists",
    },
    Format { name: "label-key", check: label_key, help: "write one like `team` or `plant7.example/team`" },
    Format {
        name: "parameter-name",
        check: parameter_name,
        help: "write a name like `work_mem` or `pg_stat_statements.track`",
    },
];

/// Declares a text type: its name, its format (a row of [`FORMATS`]) and its documentation.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $format:literal $(, $extra:literal)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format $(, $extra: true)? })
            }
        }
    };
}

text_type!(
    /// A Kubernetes quantity such as `50Gi` or `500m`, kept as it was written.
    StorageSize, "quantity"
);
text_type!(
    /// The value of a PostgreSQL parameter, as it was written: `200`, `on`, `16MB`.
    Token, "token"
);
text_type!(
    /// A name in PostgreSQL: 1 to 63 bytes, any characters but controls.
    Identifier, "identifier"
);
text_type!(
    /// A DNS label (RFC 1123): at most 63 of `a-z`, `0-9` and `-`.
    DnsLabel, "dns-label"
);
text_type!(
    /// A DNS subdomain (RFC 1123): the name of most Kubernetes objects.
    DnsSubdomain, "dns-subdomain"
);
text_type!(
    /// The value of a Kubernetes label: at most 63 letters, digits, `-`, `_`, `.`.
    LabelValue, "label-value"
);
text_type!(
    /// A key of a ConfigMap: letters, digits, `-`, `_`, `.`.
    FileName, "file-name"
);
text_type!(
    /// One line of text.
    Line, "line"
);
text_type!(
    /// Any text but NUL, which neither YAML nor PostgreSQL can hold.
    Text, "text"
);
text_type!(
    /// A storage class, or `-` for none at all.
    ClassName, "storage-class"
);
text_type!(
    /// Where images come from: a host, a port, a path.
    Registry, "registry"
);
text_type!(
    /// The name of an image below its registry.
    Repository, "repository"
);
text_type!(
    /// The tag of an image.
    Tag, "tag"
);
text_type!(
    /// An image digest: `sha256:` and 64 hexadecimal digits.
    Digest, "digest"
);

/// A password. It is never printed: not by `Debug`, not in a diagnostic.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The password itself, for the Secret object alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "secret", "x-secret": true })
    }
}

/// A value in Kubernetes' own shape, passed through as kubectl would read it (YAML 1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kubernetes(pub(crate) serde_json::Value);

impl JsonSchema for Kubernetes {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Kubernetes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "x-kubernetes": true, "additionalProperties": true })
    }
}

fn quantity(text: &str) -> Result<(), String> {
    let parsed = Quantity::parse(text).map_err(|why| why.0)?;
    if parsed > Quantity::whole(0) { Ok(()) } else { Err("must be more than zero".into()) }
}

fn token(text: &str) -> Result<(), String> {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("a parameter's value holds no control characters".into());
    }
    Ok(())
}

fn secret(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a password is not empty".into());
    }
    if text.ends_with('\n') {
        return Err("a password does not end with a newline: write the file without it (`printf %s`)".into());
    }
    if text.chars().any(char::is_control) {
        return Err("a password holds no control characters".into());
    }
    Ok(())
}

fn identifier(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a name is not empty".into());
    }
    if text.len() > 63 {
        return Err(format!("PostgreSQL's names have at most 63 bytes, this one has {}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("a name holds no control characters".into());
    }
    Ok(())
}

pub(crate) fn dns_label(text: &str) -> Result<(), String> {
    Rule::Label.check(text)
}

fn dns_subdomain(text: &str) -> Result<(), String> {
    Rule::Subdomain.check(text)
}

fn label_value(text: &str) -> Result<(), String> {
    Rule::LabelValue.check(text)
}

fn label_key(text: &str) -> Result<(), String> {
    Rule::QualifiedName.check(text)
}

fn parameter_name(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("a parameter has a name".into()) } else { Ok(()) }
}

fn file_name(text: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.len() > 200 || !text.chars().all(fits) || text.starts_with('.') {
        return Err(
            "a script's name has 1 to 200 letters, digits, `-`, `_` and `.`, and no `.` in front".into()
        );
    }
    Ok(())
}

fn line(text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err("this is one line without control characters".into());
    }
    Ok(())
}

fn no_nul(text: &str) -> Result<(), String> {
    if text.contains('\0') { Err("NUL is in no text that PostgreSQL can read".into()) } else { Ok(()) }
}

fn storage_class(text: &str) -> Result<(), String> {
    if text == "-" { Ok(()) } else { dns_subdomain(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: &str, text: &str) -> bool {
        (FORMATS.iter().find(|f| f.name == format).unwrap().check)(text).is_ok()
    }

    #[test]
    fn each_format_takes_what_its_language_takes_and_refuses_the_rest() {
        let long = "a".repeat(64);
        for (format, good, bad) in [
            ("identifier", vec!["app", "Ä b'\"", "a;b"], vec!["", "a\nb", "a\0", &long]),
            ("dns-label", vec!["a", "a-1"], vec!["", "A", "-a", "a-", "a.b", &long]),
            ("dns-subdomain", vec!["a.b-c.d"], vec!["a..b", ".a", "a_b"]),
            ("label-value", vec!["", "A_b.c-1"], vec!["-a", "a b", &long]),
            ("file-name", vec!["01-a.sql"], vec!["", "a/b", ".a", "a b"]),
            ("secret", vec!["0123", "p@ss,w0rd 'x'"], vec!["", "a\n", "a\tb"]),
            (
                "registry",
                vec!["docker.io", "mirror:5000/docker/", "10.0.0.1", "[::1]:443"],
                vec!["", "a b", "http://a", "a:b", "a/B", "/a"],
            ),
            (
                "repository",
                vec!["postgres", "timescale/timescaledb-ha", "a__b/c.d"],
                vec!["", "A", "a//b", "a:1", "a___b", "-a"],
            ),
            ("tag", vec!["16.10", "pg17_x-1", "_"], vec!["", ".a", "a b", "a@b", "a/b", "-a"]),
            ("line", vec!["", "%m [%p] "], vec!["a\nb"]),
            ("text", vec!["a\nb\t"], vec!["a\0"]),
        ] {
            for text in good {
                assert!(check(format, text), "{format} refuses {text:?}");
            }
            for text in bad {
                assert!(!check(format, text), "{format} takes {text:?}");
            }
        }
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        assert_eq!(format!("{:?}", Secret("hunter2".into())), "Secret(***)");
    }
}
