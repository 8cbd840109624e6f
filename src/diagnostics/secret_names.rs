//! Names that say that what they name is a secret.

use super::lookalike;

pub(super) const SECRET_WORDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "privatekey",
    "private key",
    "apikey",
    "api key",
    "credential",
    "stringdata",
];

/// Keys that hold such a word, and no secret: what they say is a name or a switch that an error has to show.
const HARMLESS: [&str; 9] = [
    "existingsecret",
    "secretname",
    "pullsecrets",
    "password encryption",
    "passwordencryption",
    "serviceaccounttoken",
    "secretkeyref",
    "secretref",
    "secretproviderclass",
];

/// A line as keys are compared: in lower case, one separator, harmless keys blanked. Offsets stay what they were.
pub(super) fn comparable(line: &str) -> String {
    let plain = line.to_ascii_lowercase().replace(['-', '_'], " ");
    HARMLESS.iter().fold(plain, |plain, key| plain.replace(key, &" ".repeat(key.len())))
}

/// Whether what is called so is most likely a secret.
pub fn sounds_secret(name: &str) -> bool {
    let name = comparable(name);
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Ends of a variable's name that make it the name of something harmless: of a file, a user, a switch, a time.
const HARMLESS_ENDS: [&str; 30] = [
    "_FILE",
    "_PATH",
    "_DIR",
    "_NAME",
    "_KEYS",
    "PASSWORDS",
    "_TTL",
    "_TIMEOUT",
    "_EXPIRY",
    "_EXPIRATION",
    "_LIFETIME",
    "_INTERVAL",
    "_LENGTH",
    "_ENABLED",
    "_TYPE",
    "_URL",
    "_ENDPOINT",
    "_HEADER",
    "_USER",
    "_USERNAME",
    "_POLICY",
    "_URI",
    "_AUDIENCE",
    "_ISSUER",
    "_DAYS",
    "_ALGORITHM",
    "_STORE",
    "_MOUNT",
    "_PROJECT",
    "_TOKENS",
];

/// Whether the value of an environment variable of this name is most likely a secret.
pub fn holds_secret(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    sounds_secret(variable) && !HARMLESS_ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a name is that of a secret, slips overlooked.
pub fn near_secret(name: &str) -> bool {
    sounds_secret(name) || !lookalike::ends(&comparable(name)).is_empty()
}
