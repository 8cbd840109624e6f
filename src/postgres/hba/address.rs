//! Where a client comes from.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use super::Fault;

/// The addresses that a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `all`, `samehost`, `samenet`.
    Word(&'static str),
    Network(IpNet),
    /// A host name, or with a leading dot the end of one.
    Host(String),
}

pub(super) const WORDS: [&str; 3] = ["all", "samehost", "samenet"];

impl Address {
    /// Every address, IPv4 and IPv6.
    pub const ALL: Address = Address::Word("all");

    /// As `pg_hba.conf` has it, before quoting.
    pub(super) fn text(&self) -> String {
        match self {
            Address::Word(word) => (*word).to_owned(),
            Address::Network(network) => network.to_string(),
            Address::Host(name) => name.clone(),
        }
    }

    /// Whether only the machine itself can come from there, which is the whole pod.
    pub(super) fn is_own(&self) -> bool {
        match self {
            Address::Word(word) => *word == "samehost",
            Address::Network(network) => network.network().is_loopback() && network.broadcast().is_loopback(),
            Address::Host(name) => name == "localhost",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        if let Some(word) = WORDS.iter().find(|word| **word == text) {
            return Ok(Address::Word(word));
        }
        if let Some(word) = WORDS.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            return Err(fault(
                format!("`{text}` is not the word `{word}`"),
                "PostgreSQL knows the words of pg_hba.conf in lower case only, and takes this for the name of a host",
                format!("write `{word}`"),
            )
            .taken());
        }
        if text.contains('/') {
            return network(text);
        }
        if let Ok(address) = IpAddr::from_str(text) {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            return Err(fault(
                format!("`{text}` has no mask"),
                "an address in pg_hba.conf is a network: without a mask the server refuses the file",
                format!("write `{address}/{bits}` for this one address"),
            ));
        }
        // getaddrinfo() takes `10.1` and `0x7f.1` for addresses, so what ends in a number is no host name.
        let last = text.rsplit('.').next().unwrap_or_default();
        if text.contains(':') || last.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(fault(
                format!("`{text}` is not an address"),
                "an IPv4 address has four numbers from 0 to 255 without leading zeros, an IPv6 address up to eight groups",
                "write a network like `10.0.0.0/8` or `fd00::/8`".to_owned(),
            ));
        }
        host(text)
    }
}

fn network(text: &str) -> Result<Address, Fault> {
    let (address, mask) = text.split_once('/').unwrap_or((text, ""));
    let Ok(parsed) = IpAddr::from_str(address) else {
        return Err(fault(
            format!("`{address}` in `{text}` is not an IP address"),
            "an IPv4 address has four numbers from 0 to 255 without leading zeros, an IPv6 address up to eight groups",
            "write a network like `10.0.0.0/8` or `fd00::/8`".to_owned(),
        ));
    };
    let most: u8 = if parsed.is_ipv4() { 32 } else { 128 };
    let plain = mask.bytes().all(|byte| byte.is_ascii_digit()) && (mask == "0" || !mask.starts_with('0'));
    let prefix = mask.parse::<u8>().ok().filter(|prefix| plain && *prefix <= most);
    let network = prefix.and_then(|prefix| IpNet::new(parsed, prefix).ok());
    let Some(network) = network else {
        return Err(fault(
            format!("`/{mask}` in `{text}` is not a mask"),
            "after the `/` follows the number of bits that count, without leading zeros",
            format!("write a number from 0 to {most}"),
        ));
    };
    if network.network() != network.addr() {
        let meant = network.trunc();
        return Err(fault(
            format!("`{text}` has bits of its address right of the mask"),
            "PostgreSQL ignores these bits, so the rule would be for a larger network than it seems",
            format!("write `{meant}` for the network, or `{parsed}/{most}` for this one address"),
        )
        .taken());
    }
    Ok(Address::Network(network))
}

fn host(text: &str) -> Result<Address, Fault> {
    let name = text.strip_prefix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.len() > 253 || !name.split('.').all(is_label) {
        return Err(fault(
            format!("`{text}` is neither a network nor a host name"),
            "a host name has labels of letters, digits and `-`, separated by dots",
            "write `all`, `samenet`, a network like `10.0.0.0/8`, or a host name like `scada.plant.local`"
                .to_owned(),
        ));
    }
    Ok(Address::Host(text.to_owned()))
}

fn fault(title: String, cause: &str, help: String) -> Fault {
    Fault::error("address", title, cause, help)
}
