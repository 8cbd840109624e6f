//! Kubernetes' rules for names, labels and keys.
//!
//! Each rule is a row of a small set: [`Rule::check`] says why a text breaks it. Source:
//! `k8s.io/apimachinery/pkg/util/validation` and, per field, `k8s.io/kubernetes/pkg/apis/core/validation`.

/// What a name must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A DNS-1123 label: lower-case letters, digits and `-`, at most 63 characters. Namespaces, containers, volumes.
    Label,
    /// A DNS-1035 label: a DNS-1123 label that starts with a letter. Services, and so releases.
    ServiceName,
    /// A DNS-1123 subdomain: labels joined by `.`, at most 253 characters. Most objects.
    Subdomain,
    /// A subdomain of at most 52 characters, since Kubernetes adds a suffix of eleven. `CronJob`s.
    CronJobName,
    /// Anything that fits into a path. Roles and their bindings.
    PathSegment,
    /// A port's name: at most 15 characters, with a letter in it.
    PortName,
    /// A key of a label or annotation: an optional subdomain and `/`, then at most 63 characters.
    QualifiedName,
    /// A label's value: at most 63 characters, or empty.
    LabelValue,
    /// A key of a `ConfigMap` or Secret, which is a file's name when mounted.
    DataKey,
    /// An environment variable: anything printable but `=`.
    EnvironmentName,
}

impl Rule {
    /// Why `text` breaks the rule: a clause such as "it has 70 characters; at most 63 are allowed".
    pub fn check(self, text: &str) -> Result<(), String> {
        let length = text.chars().count();
        if length == 0 && self != Self::LabelValue {
            return Err("it needs at least one character".to_owned());
        }
        let (prefix, body) = match self {
            Self::QualifiedName => {
                text.split_once('/').map_or((None, text), |(domain, name)| (Some(domain), name))
            }
            _ => (None, text),
        };
        if let Some(domain) = prefix {
            Self::Subdomain.check(domain).map_err(|why| format!("before the `/`, {why}"))?;
            if body.is_empty() {
                return Err("nothing follows the `/`".to_owned());
            }
        }
        let most = self.longest();
        if body.chars().count() > most {
            return Err(format!("it has {} characters; at most {most} are allowed", body.chars().count()));
        }
        if let Some(stranger) = body.chars().find(|c| !self.allows(*c)) {
            let shown = if stranger.is_control() {
                stranger.escape_debug().to_string()
            } else {
                stranger.to_string()
            };
            return Err(format!("`{shown}` is not allowed; it may have {}", self.alphabet()));
        }
        self.check_shape(body)
    }

    const fn longest(self) -> usize {
        match self {
            Self::Label | Self::ServiceName | Self::QualifiedName | Self::LabelValue => 63,
            Self::CronJobName => 52,
            Self::PortName => 15,
            Self::Subdomain | Self::PathSegment | Self::DataKey => 253,
            Self::EnvironmentName => usize::MAX,
        }
    }

    fn allows(self, c: char) -> bool {
        match self {
            Self::Label | Self::ServiceName | Self::PortName => matches!(c, 'a'..='z' | '0'..='9' | '-'),
            Self::Subdomain | Self::CronJobName => matches!(c, 'a'..='z' | '0'..='9' | '-' | '.'),
            Self::PathSegment => !matches!(c, '/' | '%'),
            Self::QualifiedName | Self::LabelValue | Self::DataKey => {
                c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
            }
            Self::EnvironmentName => matches!(c, ' '..='~') && c != '=',
        }
    }

    const fn alphabet(self) -> &'static str {
        match self {
            Self::Label | Self::ServiceName | Self::PortName => "lower-case letters, digits and `-`",
            Self::Subdomain | Self::CronJobName => "lower-case letters, digits, `-` and `.`",
            Self::PathSegment => "anything but `/` and `%`",
            Self::QualifiedName | Self::LabelValue | Self::DataKey => "letters, digits, `-`, `_` and `.`",
            Self::EnvironmentName => "printable ASCII but `=`",
        }
    }

    /// Where its characters may stand; all of them are allowed ones.
    fn check_shape(self, body: &str) -> Result<(), String> {
        let ends =
            |text: &str| text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
        let ends_wrong = || Err("it must start and end with a letter or digit".to_owned());
        match self {
            Self::ServiceName if body.starts_with(|c: char| c.is_ascii_digit()) => {
                Err("it must start with a letter".to_owned())
            }
            Self::PortName if !body.contains(|c: char| c.is_ascii_lowercase()) => {
                Err("it needs at least one letter".to_owned())
            }
            Self::PortName if body.contains("--") => Err("it has `--`".to_owned()),
            Self::Subdomain | Self::CronJobName if body.contains("..") => Err("it has `..`".to_owned()),
            Self::Subdomain | Self::CronJobName if !body.split('.').all(ends) => {
                Err("each part between dots must start and end with a letter or digit".to_owned())
            }
            Self::PathSegment | Self::DataKey if matches!(body, "." | "..") => {
                Err("it names a folder".to_owned())
            }
            Self::DataKey if body.starts_with("..") => Err("it starts with `..`".to_owned()),
            Self::Label | Self::ServiceName | Self::PortName | Self::QualifiedName if !ends(body) => {
                ends_wrong()
            }
            Self::LabelValue if !body.is_empty() && !ends(body) => ends_wrong(),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_takes_its_own_and_says_what_is_wrong_with_others() {
        let (long, longer) = ("a".repeat(63), "a".repeat(64));
        let takes: [(Rule, &[&str]); 10] = [
            (Rule::Label, &["a", "0", "a-b", &long]),
            (Rule::ServiceName, &["a", "a0", &long]),
            (Rule::Subdomain, &["a", "a.b", "0.example.com"]),
            (Rule::CronJobName, &["backup", "a.b"]),
            (Rule::PathSegment, &["system:auth", "A b"]),
            (Rule::PortName, &["postgresql", "http-1", "1a"]),
            (Rule::QualifiedName, &["app", "app.kubernetes.io/name", "A_b.c"]),
            (Rule::LabelValue, &["", "17.2", "A_b"]),
            (Rule::DataKey, &["postgresql.conf", ".hidden", "A_B", "-"]),
            (Rule::EnvironmentName, &["PGDATA", "a.b", "with space"]),
        ];
        for (rule, texts) in takes {
            for text in texts {
                assert_eq!(rule.check(text), Ok(()), "{rule:?} {text}");
            }
        }
        let refuses = [
            (Rule::Label, "", "it needs at least one character"),
            (Rule::Label, "Prod", "`P` is not allowed; it may have lower-case letters, digits and `-`"),
            (Rule::Label, "a.b", "`.` is not allowed; it may have lower-case letters, digits and `-`"),
            (Rule::Label, "-a", "it must start and end with a letter or digit"),
            (Rule::Label, "a\n", "`\\n` is not allowed; it may have lower-case letters, digits and `-`"),
            (Rule::Label, &longer, "it has 64 characters; at most 63 are allowed"),
            (Rule::ServiceName, "7up", "it must start with a letter"),
            (Rule::Subdomain, "a..b", "it has `..`"),
            (Rule::Subdomain, "a.-b", "each part between dots must start and end with a letter or digit"),
            (Rule::Subdomain, "ä", "`ä` is not allowed; it may have lower-case letters, digits, `-` and `.`"),
            (Rule::CronJobName, &long, "it has 63 characters; at most 52 are allowed"),
            (Rule::PathSegment, "a/b", "`/` is not allowed; it may have anything but `/` and `%`"),
            (Rule::PathSegment, "..", "it names a folder"),
            (Rule::PortName, "5432", "it needs at least one letter"),
            (Rule::PortName, "a--b", "it has `--`"),
            (Rule::PortName, "postgresql-metrics", "it has 18 characters; at most 15 are allowed"),
            (Rule::QualifiedName, "a/", "nothing follows the `/`"),
            (Rule::QualifiedName, "/a", "before the `/`, it needs at least one character"),
            (
                Rule::QualifiedName,
                "A/b",
                "before the `/`, `A` is not allowed; it may have lower-case letters, digits, `-` and `.`",
            ),
            (
                Rule::QualifiedName,
                "a/b/c",
                "`/` is not allowed; it may have letters, digits, `-`, `_` and `.`",
            ),
            (Rule::LabelValue, "a b", "` ` is not allowed; it may have letters, digits, `-`, `_` and `.`"),
            (Rule::LabelValue, "_a", "it must start and end with a letter or digit"),
            (Rule::DataKey, "a/b", "`/` is not allowed; it may have letters, digits, `-`, `_` and `.`"),
            (Rule::DataKey, "..", "it names a folder"),
            (Rule::EnvironmentName, "A=B", "`=` is not allowed; it may have printable ASCII but `=`"),
        ];
        for (rule, text, expected) in refuses {
            assert_eq!(rule.check(text), Err(expected.to_owned()), "{rule:?} {text}");
        }
    }
}
