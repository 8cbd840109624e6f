//! Credentials that an excerpt knows by their shape, wherever they stand.

use std::ops::Range;

/// The credentials of URLs however they are written, of headers, and of lines of `.pgpass`.
pub(super) fn credentials(line: &str) -> Vec<Range<usize>> {
    let mut found = of_urls(line);
    found.extend(of_headers(line));
    found.extend(of_pgpass(line));
    found
}

/// What stands before the last `@`: people write `/` and blanks in passwords as they are. Whoever comes by HTTP with a
/// name alone comes with a token.
fn of_urls(line: &str) -> Vec<Range<usize>> {
    let user = |(at, mark): (usize, &str)| {
        let start = at + mark.len();
        let rest = &line[start..];
        let rest = &rest[..rest.find("://").unwrap_or(rest.len())];
        let rest = &rest[..rest.find(['"', '\'', '`', '<', '>']).unwrap_or(rest.len())];
        let user = &rest[..rest.rfind('@')?];
        let web = line[..at].ends_with("http") || line[..at].ends_with("https");
        let from = user.find(':').map(|colon| colon + 1).or((web && !user.contains('/')).then_some(0))?;
        Some(start + from..start + user.len()).filter(|range| !range.is_empty())
    };
    line.match_indices("://").filter_map(user).collect()
}

/// `Bearer x`, `Basic x`.
fn of_headers(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let scheme = |word: &'static str| lower.match_indices(word).map(|(at, word)| at + word.len());
    let token = |at: usize| {
        let rest = line[at..].trim_start_matches(' ');
        let start = line.len() - rest.len();
        let end = rest.find(|c: char| c.is_whitespace() || "\"',}".contains(c)).unwrap_or(rest.len());
        (end > 0).then_some(start..start + end)
    };
    ["bearer ", "basic "].into_iter().flat_map(scheme).filter_map(token).collect()
}

/// What stands behind `host:port:database:user:`.
fn of_pgpass(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for word in line.split([' ', '\t', '"', '\'', ',']) {
        let start = word.as_ptr() as usize - line.as_ptr() as usize;
        let mut fields = word.splitn(5, ':');
        let (Some(host), Some(port), Some(_), Some(_), Some(password)) =
            (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let is_port = port == "*" || (port.len() >= 2 && port.bytes().all(|c| c.is_ascii_digit()));
        // An IPv6 address has fields of hexadecimal numbers.
        let is_address =
            word.split('/').next().unwrap_or(word).bytes().all(|c| c == b':' || c.is_ascii_hexdigit());
        if is_port && !is_address && !host.is_empty() && !password.is_empty() {
            found.push(start + word.len() - password.len()..start + word.len());
        }
    }
    found
}
