//! Passwords and certificates: the only code that draws randomness, and no part of a render.
//!
//! To add a password that a release needs, add a row to [`KEYS`]; `pgpod secret` then prints it, `--rotate` knows
//! it, and whoever reads the Secret finds it under the row's name.

mod certificate;
mod password;

pub use certificate::{Certificate, SERVICES, certificate, server_names};
pub use password::{LENGTH, password};

/// One password of a release: a key of the Secret `<release>-auth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key in the Secret, which is also the name of the mounted file.
    pub name: &'static str,
    /// What `--rotate` calls it.
    pub role: &'static str,
    /// What the role is for, in one clause.
    pub purpose: &'static str,
}

/// Every password of a release, in the order in which they are printed.
///
/// The exporter has none: it comes in over the shared socket, by a peer map.
pub const KEYS: [Key; 6] = [
    Key {
        name: "superuser-password",
        role: "superuser",
        purpose: "administration over the network, where a rule lets it in",
    },
    Key { name: "app-password", role: "app", purpose: "the application's reads and writes" },
    Key { name: "readonly-password", role: "readonly", purpose: "reports and dashboards" },
    Key {
        name: "replication-password",
        role: "replication",
        purpose: "standbys that follow the primary, and base backups",
    },
    Key {
        name: "pooler-password",
        role: "pooler",
        purpose: "PgBouncer's look-up of the passwords of those who connect",
    },
    Key { name: "backup-password", role: "backup", purpose: "the backup job's dumps" },
];

/// The key of a role, by the role's name or the key's own.
pub fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.role == name || key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_named_after_its_role_and_is_there_once() {
        for (position, row) in KEYS.iter().enumerate() {
            assert_eq!(row.name, format!("{}-password", row.role));
            assert_eq!(KEYS.iter().position(|other| other.name == row.name), Some(position));
        }
    }

    #[test]
    fn a_key_is_found_by_either_name() {
        assert_eq!(key("app"), key("app-password"));
        assert_eq!(key("app").map(|key| key.name), Some("app-password"));
        assert_eq!(key("exporter"), None);
    }
}
