//! What a value must look like where its type says no more than text, number or map: addresses, names, shares, paths.
//!
//! Source: `k8s.io/kubernetes/pkg/apis/*/validation`, `k8s.io/apimachinery/pkg/util/validation`, and the answers of a real
//! API server (`tests/manifest/refused.rs`).

use std::net::IpAddr;

use serde_json::Value;

use super::addresses::{cidr, external, ip};
use super::limits::{Complaint, choice};
use super::quotas;
use crate::names::Rule;
use crate::quantity::Quantity;
use crate::spelling::nearest_name;
use crate::zones::ZONES;

/// The form of a value. An empty text is nobody's here: whether it may be empty is a row of `shapes`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// A name by a rule, and what it names.
    Name(Rule, &'static str),
    /// Labels: keys and values.
    Labels,
    Choice(&'static [&'static str]),
    Ip,
    /// An address, or `None`.
    ClusterIp,
    /// An address that is not the machine's own.
    ExternalIp,
    Cidr,
    /// The same; blanks around it don't count.
    SourceRange,
    /// A number, or a percentage; of those that are part of a whole, at most all of it.
    Share {
        of_a_whole: bool,
    },
    /// A quantity that is not below 0.
    Amount,
    /// The names of what a quota can bound.
    QuotaNames,
    /// A port's name; numbers have a row of `RANGES`.
    Port,
    /// The host of a rule, perhaps with `*.` before it.
    Host,
    /// The same, or an address.
    HostOrAddress,
    /// A host's full name, perhaps with a dot at its end.
    ExternalName,
    UrlPath,
    /// A path below a volume's root.
    Below,
    /// A path without `..`.
    NoWayUp,
    /// A field of the pod that a variable may have, or a file.
    PodField {
        in_a_file: bool,
    },
    ContainerResource,
    TimeZone,
    /// A qualified name, whatever its case.
    Provisioner,
    /// What a LimitRange is about.
    Limited,
    /// A path of the API server, which a role of a namespace can't give.
    OfTheCluster,
    Header,
    Sysctl,
    /// A domain that names are looked up in, perhaps with `_`.
    SearchDomain,
    /// A storage driver's name, whatever its case.
    Driver,
    /// A path of somebody's domain.
    Owned,
    /// A user of Windows, perhaps with the domain before it.
    WindowsUser,
}

impl Form {
    /// What is wrong with a value; for a map, with which of its keys.
    pub(super) fn complaints(self, value: &Value, version: u32) -> Vec<(Option<String>, Complaint)> {
        if let Value::Object(map) = value {
            let keys =
                map.iter().filter_map(|(key, value)| Some((Some(key.clone()), self.of_entry(key, value)?)));
            return keys.collect();
        }
        let found = match (self, value) {
            (Self::Share { of_a_whole }, _) => share(value, of_a_whole),
            (Self::Amount, _) => amount(value),
            (_, Value::String(text)) if !text.is_empty() || matches!(self, Self::TimeZone) => {
                self.of_text(text, version)
            }
            _ => None,
        };
        found.map(|complaint| (None, complaint)).into_iter().collect()
    }

    /// An entry of a map.
    fn of_entry(self, key: &str, value: &Value) -> Option<Complaint> {
        match self {
            Self::Labels => {
                let of_key = no(key, "label's key", Rule::QualifiedName.check(key));
                let of_value = |text| no(text, "label's value", Rule::LabelValue.check(text));
                of_key.or_else(|| of_value(value.as_str()?))
            }
            Self::QuotaNames => quotas::complaint(key, value),
            _ => None,
        }
    }

    fn of_text(self, text: &str, version: u32) -> Option<Complaint> {
        match self {
            Self::Name(rule, what) => no(text, what, rule.check(text)),
            Self::Choice(choices) => choice(text, choices),
            Self::ClusterIp if text == "None" => None,
            Self::Ip | Self::ClusterIp => no(text, "IP address", ip(text, version).map(drop)),
            Self::ExternalIp => no(text, "external IP address", external(text, version)),
            Self::Cidr => no(text, "CIDR", cidr(text, version).map(drop)),
            Self::SourceRange => no(text, "CIDR", cidr(text.trim(), version).map(drop)),
            Self::Port => no(text, "port's name", Rule::PortName.check(text)),
            Self::HostOrAddress if text.parse::<IpAddr>().is_ok() => None,
            Self::Host | Self::HostOrAddress => no(text, "host name", host(text)),
            Self::ExternalName => {
                let name = text.strip_suffix('.').unwrap_or(text);
                no(text, "host name", Rule::Subdomain.check(name))
            }
            Self::UrlPath if text.starts_with('/') => None,
            Self::UrlPath => no(text, "absolute path", Err(format!("begin it with `/`: `/{text}`"))),
            Self::Below => no(text, "path below a volume's root", below(text)),
            Self::NoWayUp => no(text, "path without `..`", no_way_up(text)),
            Self::PodField { in_a_file } => no(text, "field of the pod for this", pod_field(text, in_a_file)),
            Self::ContainerResource => no(text, "resource of a container", container_resource(text)),
            Self::TimeZone => no(text, "time zone", time_zone(text)),
            Self::Provisioner => {
                no(text, "provisioner's name", Rule::QualifiedName.check(&text.to_ascii_lowercase()))
            }
            Self::Limited if text.contains('/') => None,
            Self::Limited => choice(text, &["Container", "PersistentVolumeClaim", "Pod"]),
            Self::OfTheCluster => {
                no(text, "resource of a namespace", Err("write it into a ClusterRole".to_owned()))
            }
            Self::Header => {
                let fits = text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
                no(text, "header", held(fits, "it may have letters, digits and `-`"))
            }
            Self::Sysctl => {
                no(text, "parameter of the kernel", held(sysctl(text), "write `net.core.somaxconn`"))
            }
            Self::SearchDomain if text == "." => None,
            Self::SearchDomain => {
                let name = text.strip_suffix('.').unwrap_or(text).replace('_', "a");
                no(text, "domain", Rule::Subdomain.check(&name))
            }
            Self::Driver => no(text, "driver's name", Rule::Subdomain.check(&text.to_ascii_lowercase())),
            Self::Owned => no(text, "path of a domain", owned(text)),
            Self::WindowsUser => no(text, "user of Windows", windows_user(text)),
            Self::Labels | Self::QuotaNames | Self::Share { .. } | Self::Amount => None,
        }
    }
}

/// A complaint that a text is not what it has to be. An address may hold a password: it is not shown.
pub(super) fn no(text: &str, what: &str, verdict: Result<(), String>) -> Option<Complaint> {
    let help = verdict.err()?;
    let found = match text {
        "" => "empty".to_owned(),
        _ if text.contains('@') => format!("no {what}"),
        _ => format!("`{text}`, which is no {what}"),
    };
    Some(Complaint { found, help })
}

fn held(fits: bool, help: &str) -> Result<(), String> {
    if fits { Ok(()) } else { Err(help.to_owned()) }
}

fn share(value: &Value, of_a_whole: bool) -> Option<Complaint> {
    let complaint = |found: String, help: &str| Some(Complaint { found, help: help.to_owned() });
    let text = match value {
        Value::Number(number) if number.as_i64().is_some_and(|number| number < 0) => {
            return complaint(number.to_string(), "it can be 0 or more");
        }
        Value::String(text) => text,
        _ => return None,
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    match text.strip_suffix('%').filter(|digits| is_digits(digits)) {
        Some(digits) if of_a_whole && digits.parse::<u32>().is_ok_and(|percent| percent <= 100) => None,
        Some(_) if of_a_whole => complaint(format!("`{text}`"), "100% is the most that there can be"),
        Some(_) => None,
        None => {
            let help = if is_digits(text) {
                "write a number without quotes, or a percentage with `%`"
            } else {
                "write a number, or a percentage such as `25%`"
            };
            complaint(format!("`{text}`, which is no percentage"), help)
        }
    }
}

pub(super) fn amount(value: &Value) -> Option<Complaint> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let below = Quantity::parse(&text).is_ok_and(Quantity::is_negative);
    below.then(|| Complaint { found: text, help: "it can't be below 0".to_owned() })
}

fn host(text: &str) -> Result<(), String> {
    if text.parse::<IpAddr>().is_ok() {
        return Err("write a name, not an address".to_owned());
    }
    Rule::Subdomain.check(text.strip_prefix("*.").unwrap_or(text))
}

fn no_way_up(text: &str) -> Result<(), String> {
    held(!text.split('/').any(|part| part == ".."), "write the path that it leads to")
}

fn below(text: &str) -> Result<(), String> {
    held(!text.starts_with('/'), "write it without the `/` before it")?;
    held(!text.starts_with(".."), "it can't begin with `..`")?;
    no_way_up(text)
}

fn pod_field(text: &str, in_a_file: bool) -> Result<(), String> {
    const ALWAYS: [&str; 3] = ["metadata.name", "metadata.namespace", "metadata.uid"];
    const IN_A_VARIABLE: [&str; 6] = [
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    const IN_A_FILE: [&str; 2] = ["metadata.annotations", "metadata.labels"];
    let more: &[&str] = if in_a_file { &IN_A_FILE } else { &IN_A_VARIABLE };
    // A server makes `spec.nodeName` of the old name.
    let old = !in_a_file && text == "spec.host";
    if old || ALWAYS.contains(&text) || more.contains(&text) {
        return Ok(());
    }
    let of = |map| text.strip_prefix(map)?.strip_prefix("['")?.strip_suffix("']");
    match IN_A_FILE.into_iter().find_map(of) {
        Some(key) => Rule::QualifiedName.check(key),
        None if IN_A_FILE.contains(&text) => Err(format!("name one of them: `{text}['KEY']`")),
        None => Err(super::suggestion(text, ALWAYS.into_iter().chain(more.iter().copied()))),
    }
}

fn container_resource(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 6] = [
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let pages = ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| text.starts_with(prefix));
    if pages || KNOWN.contains(&text) { Ok(()) } else { Err(super::suggestion(text, KNOWN.into_iter())) }
}

fn time_zone(text: &str) -> Result<(), String> {
    if ZONES.contains(&text) {
        return Ok(());
    }
    Err(match nearest_name(text, ZONES.iter().copied()) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => "write a name of the IANA database, such as `Europe/Berlin` or `Etc/UTC`".to_owned(),
    })
}

fn owned(text: &str) -> Result<(), String> {
    let (domain, rest) = text.split_once('/').unwrap_or((text, ""));
    held(!rest.is_empty(), "write a domain and a path: `example.com/controller`")?;
    Rule::Subdomain.check(domain).map_err(|why| format!("before the `/`, {why}"))
}

/// Source: `validateWindowsSecurityContextOptions`.
fn windows_user(text: &str) -> Result<(), String> {
    let (domain, user) = text.split_once('\\').map_or((None, text), |(domain, user)| (Some(domain), user));
    held(!user.contains('\\'), "one `\\` at most stands in it, after the domain")?;
    held(domain != Some(""), "nothing stands before the `\\`")?;
    held(!text.contains(char::is_control), "it has a control character")?;
    held(user.len() <= 104, "the user has more than 104 characters")?;
    held(user.contains(|c| !matches!(c, '.' | ' ')), "a user is more than dots and blanks")?;
    let stranger = user.find(|c| "\"/:;|=,+*?<>@[]".contains(c));
    held(stranger.is_none(), "a user has none of `\" / : ; | = , + * ? < > @ [ ]`")
}

fn sysctl(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    text.len() <= 253
        && text
            .split(['.', '/'])
            .all(|part| ends(part.chars().next()) && ends(part.chars().last()) && part.chars().all(inside))
}
