//! Addresses and networks, as the API server of a version reads them.

use std::net::IpAddr;

use ipnet::IpNet;

/// The minor version whose API server takes an address only as it is usually written (`StrictIPCIDRValidation`).
const STRICT_ADDRESSES: u32 = 36;

const IP_HELP: &str = "write one such as `10.9.8.7` or `2001:db8::1`";

/// An address as servers before the strict version read it: zeros before its numbers are nothing.
fn plain(text: &str) -> String {
    let number = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        rest => rest.to_owned(),
    };
    if text.contains(':') {
        text.to_owned()
    } else {
        text.split('.').map(number).collect::<Vec<_>>().join(".")
    }
}

pub(super) fn ip(text: &str, version: u32) -> Result<IpAddr, String> {
    let strict = version >= STRICT_ADDRESSES;
    let read = if strict { text.parse() } else { plain(text).parse() };
    let address: IpAddr = read.map_err(|_| IP_HELP.to_owned())?;
    match address {
        IpAddr::V6(address) if strict && address.to_ipv4_mapped().is_some() => {
            Err("write the IPv4 address in it alone".to_owned())
        }
        address => Ok(address),
    }
}

/// A network. Host bits, which a strict server refuses, are named in the remedy.
pub(super) fn cidr(text: &str, version: u32) -> Result<IpNet, String> {
    const HELP: &str = "write one such as `10.9.8.0/24` or `2001:db8::/64`";
    let (address, bits) = text.split_once('/').ok_or(HELP)?;
    let address = ip(address, version).map_err(|why| if why == IP_HELP { HELP.to_owned() } else { why })?;
    let is_number = bits.bytes().all(|c| c.is_ascii_digit()) && (bits == "0" || !bits.starts_with('0'));
    let bits = bits.parse().ok().filter(|_| is_number).ok_or(HELP)?;
    let network = IpNet::new(address, bits).map_err(|_| HELP.to_owned())?;
    if version >= STRICT_ADDRESSES && network != network.trunc() {
        return Err(format!("its address has bits beyond the first {bits}; write `{}`", network.trunc()));
    }
    Ok(network.trunc())
}

pub(super) fn external(text: &str, version: u32) -> Result<(), String> {
    let address = ip(text, version)?;
    let local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    let own = local || address.is_loopback() || address.is_unspecified();
    let help = "it means the machine itself or its own wire; write one that others can reach";
    if own { Err(help.to_owned()) } else { Ok(()) }
}
