//! The parts of an image's name, as container runtimes read it (github.com/distribution/reference, `regexp.go`).

/// A host or address, perhaps a port, perhaps the path of a mirror.
pub(super) fn registry(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (domain, path) = text.split_once('/').map_or((text, None), |(domain, path)| (domain, Some(path)));
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    if host && port.is_none_or(|port| port.parse::<u16>().is_ok()) && path.is_none_or(is_path) {
        return Ok(());
    }
    Err("a registry is a host such as `registry.plant.local:5000`, perhaps with a path, without `https://`"
        .into())
}

/// What to write where a repository holds what has keys of its own: its registry with a port, its tag or its digest. The
/// keys stand beside the one at `path`.
pub(super) fn split(path: &str, text: &str) -> Option<String> {
    let beside = |key: &str| match path.rsplit_once('.') {
        Some((above, _)) => format!("{above}.{key}"),
        None => key.to_owned(),
    };
    let (name, pinned) = text.split_once('@').map_or((text, None), |(name, pinned)| (name, Some(pinned)));
    let (registry, name) = match name.split_once('/') {
        Some((first, name)) if first.contains([':', '.']) || first == "localhost" => (Some(first), name),
        _ => (None, name),
    };
    let (name, version) = name.split_once(':').map_or((name, None), |(name, tag)| (name, Some(tag)));
    let fits = repository(name).is_ok()
        && registry.is_none_or(|text| self::registry(text).is_ok())
        && version.is_none_or(|text| tag(text).is_ok())
        && pinned.is_none_or(|text| digest(text).is_ok());
    let parts = [("registry", registry), ("repository", Some(name)), ("tag", version), ("digest", pinned)];
    let set: Vec<String> = parts
        .into_iter()
        .filter_map(|(key, text)| Some(format!("`{}` to `{}`", beside(key), text?)))
        .collect();
    (fits && set.len() > 1).then(|| format!("set {}", set.join(", ")))
}

pub(super) fn repository(text: &str) -> Result<(), String> {
    if is_path(text) && text.len() <= 255 {
        return Ok(());
    }
    Err("a repository is a name such as `timescale/timescaledb`: lower-case letters, digits, `.`, `_`, `-`, `/`".into())
}

pub(super) fn tag(text: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if (1..=128).contains(&text.len()) && text.chars().all(fits) && !text.starts_with(['.', '-']) {
        return Ok(());
    }
    Err("a tag has 1 to 128 letters, digits, `_`, `.` and `-`, and neither `.` nor `-` in front".into())
}

pub(super) fn digest(text: &str) -> Result<(), String> {
    let hex = text.strip_prefix("sha256:");
    let hex = hex.filter(|h| h.len() == 64 && h.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
    hex.map(|_| ()).ok_or_else(|| "a digest is `sha256:` and 64 hexadecimal digits in lower case".into())
}

fn is_label(label: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !label.is_empty() && label.chars().all(fits) && !label.starts_with('-') && !label.ends_with('-')
}

fn is_path(path: &str) -> bool {
    path.split('/').all(is_component)
}

/// Letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_component(component: &str) -> bool {
    let is_sign = |c: char| matches!(c, '.' | '_' | '-');
    let signs = component.split(|c: char| !is_sign(c)).filter(|signs| !signs.is_empty());
    let joined =
        signs.into_iter().all(|signs| matches!(signs, "." | "_" | "__") || signs.bytes().all(|b| b == b'-'));
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || is_sign(c);
    joined
        && !component.is_empty()
        && component.chars().all(fits)
        && !component.starts_with(is_sign)
        && !component.ends_with(is_sign)
}
