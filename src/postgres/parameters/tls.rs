//! What OpenSSL reads at the start of a server with TLS, and refuses without a server: versions, ciphers, curves. What it
//! makes of a name hangs on how it was built; here only what no build takes is refused.

use super::Major;
use super::together::Effective;
use crate::postgres::fault::{Fault, Mistake};
use crate::spelling::nearest_name;

const VERSIONS: [&str; 4] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// The words that stand for many ciphers (`openssl-ciphers(1)`).
const CIPHER_WORDS: &str = "3DES ADH AECDH AES AES128 AES256 AESCCM AESCCM8 AESGCM ALL ARIA ARIA128 ARIA256 ARIAGCM CAMELLIA \
    CAMELLIA128 CAMELLIA256 CBC CHACHA20 COMPLEMENTOFALL COMPLEMENTOFDEFAULT DEFAULT DES DH DHE DSS ECDH ECDHE ECDSA \
    EDH EECDH EXP EXPORT EXPORT40 EXPORT56 FIPS GOST12 GOST89 GOST89MAC GOST94 HIGH IDEA KRB5 LOW MD5 MEDIUM NULL PSK \
    RC2 RC4 RSA SEED SHA SHA1 SHA256 SHA384 SRP SSLv2 SSLv3 SUITEB128 SUITEB128C2 SUITEB128ONLY SUITEB192 TLSv1 \
    TLSv1.0 TLSv1.2 aDH aDSS aECDH aECDSA aGOST aGOST01 aGOST12 aNULL aPSK aRSA aSRP eNULL kDH kDHE kDHEPSK kDHd kDHr \
    kECDH kECDHE kECDHEPSK kECDHe kECDHr kEDH kEECDH kGOST kGOST18 kPSK kRSA kRSAPSK kSRP";

/// The curves of `openssl ecparam -list_curves`, by what they begin with and by name.
const CURVE_FAMILIES: [&str; 7] =
    ["secp", "sect", "prime", "c2pnb", "c2tnb", "wap-wsg-idm-ecid-wtls", "brainpoolP"];
const CURVES: [&str; 3] = ["Oakley-EC2N-3", "Oakley-EC2N-4", "SM2"];

/// What groups of TLS that are no curve of that list begin with, in any case.
const GROUP_FAMILIES: [&str; 12] = [
    "x25519",
    "x448",
    "p-",
    "secp",
    "sect",
    "prime",
    "brainpool",
    "ffdhe",
    "mlkem",
    "curve",
    "gc",
    "default",
];

pub(super) fn versions(settings: &Effective) -> Option<Fault> {
    let number = |name: &str| {
        let version = settings.value(name)?.to_string();
        let place = VERSIONS.iter().position(|known| *known == version)?;
        Some((place, version))
    };
    let (least, most) = (number("ssl_min_protocol_version")?, number("ssl_max_protocol_version")?);
    (settings.is_on("ssl") && least.0 > most.0).then(|| {
        Fault::new(
            Mistake::Together,
            format!("no version of TLS is both `{}` or newer and `{}` or older", least.1, most.1),
            "the server refuses to start with such a range",
            format!("leave `ssl_max_protocol_version` out, or set it to `{}` or newer", least.1),
        )
    })
}

pub(super) fn ciphers(settings: &Effective) -> Option<Fault> {
    let list = settings.value("ssl_ciphers")?.to_string();
    let words: Vec<&str> = list.split([':', ';', ',', ' ']).filter(|word| !word.is_empty()).collect();
    let adds = |word: &&str| {
        // What follows an `@` is about the order, or the level of security.
        let word = word.split('@').next().unwrap_or_default();
        !word.is_empty() && !word.starts_with(['!', '-', '+']) && word.split('+').all(is_cipher)
    };
    if !settings.is_on("ssl") || words.iter().any(adds) {
        return None;
    }
    let of_tls13 = words.iter().any(|word| word.starts_with("TLS_") || *word == "TLSv1.3");
    let cause = if of_tls13 {
        "it is for TLS 1.2 and older; with a list of none of their ciphers the server refuses to start"
    } else {
        "a list that OpenSSL finds no cipher of TLS 1.2 and older in keeps the server from starting; case matters"
    };
    let known = CIPHER_WORDS.split_whitespace();
    let help = match words.iter().find_map(|word| nearest_name(word, known.clone())) {
        _ if of_tls13 => {
            "leave it out; to have TLS 1.3 alone, set `ssl_min_protocol_version` to `TLSv1.3`".to_owned()
        }
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "leave it out, or write a list such as `HIGH:!aNULL`".to_owned(),
    };
    Some(Fault::new(Mistake::Together, "`ssl_ciphers` names no cipher that OpenSSL knows", cause, help))
}

/// A word, or what looks like the name of a cipher: `ECDHE-RSA-AES128-SHA256`, `TLS_RSA_WITH_AES_128_CBC_SHA`.
fn is_cipher(word: &str) -> bool {
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    CIPHER_WORDS.split_whitespace().any(|known| known == word)
        || word.starts_with("PROFILE=")
        || (word.contains('-') && word.chars().all(|c| is_upper(c) || c == '-'))
        || (word.contains("_WITH_") && word.chars().all(|c| is_upper(c) || c == '_'))
}

pub(super) fn curve(settings: &Effective) -> Option<Fault> {
    let name = settings.value("ssl_ecdh_curve").filter(|_| settings.major < Major::V18)?.to_string();
    let known = CURVES.contains(&&*name) || CURVE_FAMILIES.iter().any(|family| name.starts_with(family));
    if !settings.is_on("ssl") || (known && !name.contains([':', ',', ' '])) {
        return None;
    }
    let help = match &*name {
        "P-256" => "write `prime256v1`, as OpenSSL names it",
        "P-384" => "write `secp384r1`, as OpenSSL names it",
        "P-521" => "write `secp521r1`, as OpenSSL names it",
        _ => {
            "leave it out, or write one curve such as `prime256v1` or `secp384r1`; lists and `X25519` need 18"
        }
    };
    Some(Fault::new(
        Mistake::Together,
        "`ssl_ecdh_curve` names no curve that OpenSSL knows",
        format!(
            "PostgreSQL {} takes the name of one elliptic curve and refuses to start with another; case matters",
            settings.major
        ),
        help,
    ))
}

pub(super) fn groups(settings: &Effective) -> Option<Fault> {
    let list = settings.value("ssl_groups")?.to_string().to_ascii_lowercase();
    let mut names = list.split([':', '/', ' ', ',']).map(|name| name.trim_start_matches(['?', '*', '-']));
    let known = |name: &str| {
        CURVES.iter().any(|curve| curve.eq_ignore_ascii_case(name))
            || GROUP_FAMILIES.iter().any(|family| name.starts_with(family))
    };
    (settings.is_on("ssl") && !names.any(known)).then(|| {
        Fault::new(
            Mistake::Together,
            "`ssl_groups` names no group that OpenSSL knows",
            "the server refuses to start with a name that OpenSSL does not know",
            "leave it out, or write a list such as `X25519:prime256v1`",
        )
    })
}
