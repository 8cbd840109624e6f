//! Words of a command as a shell takes them back.

/// A text as one word of a POSIX shell.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A database's name for `psql -d`, which takes one with `=` in it, or a URI, for a connection string.
pub(super) fn database(name: &str) -> String {
    if name.contains('=') || name.starts_with("postgres://") || name.starts_with("postgresql://") {
        let escaped = name.replace('\\', r"\\").replace('\'', r"\'");
        word(&format!("dbname='{escaped}'"))
    } else {
        word(name)
    }
}

/// A key of a Secret for kubectl's jsonpath, where a dot would separate two keys.
pub(super) fn jsonpath(key: &str) -> String {
    key.replace('.', r"\.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(word("app_1"), "app_1");
        assert_eq!(word(""), "''");
        assert_eq!(word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(database("a=b's"), r"'dbname='\''a=b\'\''s'\'''");
        assert_eq!(database("postgres"), "postgres");
        assert_eq!(jsonpath("app.password"), r"app\.password");
    }
}
