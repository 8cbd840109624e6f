//! A self-signed authority and the server's certificate.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, Error, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// What a Secret of type `kubernetes.io/tls` holds, as PEM text.
#[derive(Clone)]
pub struct Certificate {
    /// The authority that clients trust (`sslrootcert`).
    pub authority: String,
    pub certificate: String,
    pub private_key: String,
}

/// The Services that a release can have, as what follows the release's name. A name that no Service has yet does no
/// harm, and a certificate that lacks one is found out at night.
pub const SERVICES: [&str; 4] = ["", "-headless", "-ro", "-pooler"];

const DAY: u64 = 24 * 60 * 60;

/// Every name under which a client can reach the server: each Service with and without its namespace and domain, each
/// pod behind the headless one, and `localhost` for a forwarded port.
pub fn server_names(release: &str, namespace: &str, cluster_domain: &str) -> Vec<String> {
    let services = SERVICES.iter().map(|suffix| format!("{release}{suffix}"));
    services
        .chain([format!("*.{release}-headless")])
        .flat_map(|name| {
            let qualified = format!("{name}.{namespace}");
            let service = format!("{qualified}.svc");
            let full = format!("{service}.{cluster_domain}");
            [name, qualified, service, full]
        })
        .chain(["localhost".to_owned()])
        .collect()
}

/// Makes an authority and a server certificate signed by it, valid for `days` from `now` (seconds since 1970).
///
/// Validity begins a day early, for clocks that are behind. The authority's key is not kept: nobody can sign with it
/// later, and a new certificate comes with a new authority.
pub fn certificate(release: &str, names: Vec<String>, now: u64, days: u32) -> Result<Certificate, Error> {
    let not_before = date_time_ymd(1970, 1, 1) + Duration::from_secs(now.saturating_sub(DAY));
    let not_after = date_time_ymd(1970, 1, 1) + Duration::from_secs(now + DAY * u64::from(days));

    let mut authority = CertificateParams::new(Vec::new())?;
    (authority.not_before, authority.not_after) = (not_before, not_after);
    authority.distinguished_name.push(DnType::CommonName, format!("pgpod {release} authority"));
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;

    let mut server = CertificateParams::new(names)?;
    (server.not_before, server.not_after) = (not_before, not_after);
    server.distinguished_name.push(DnType::CommonName, release);
    server.is_ca = IsCa::ExplicitNoCa;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let server_key = KeyPair::generate()?;
    let signed = server.signed_by(&server_key, &Issuer::new(authority, authority_key))?;

    Ok(Certificate {
        authority: authority_certificate.pem(),
        certificate: signed.pem(),
        private_key: server_key.serialize_pem(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_reached_by_each_of_its_names() {
        assert_eq!(
            server_names("prod", "plant7", "cluster.local").join("\n"),
            "prod\nprod.plant7\nprod.plant7.svc\nprod.plant7.svc.cluster.local\n\
             prod-headless\nprod-headless.plant7\nprod-headless.plant7.svc\nprod-headless.plant7.svc.cluster.local\n\
             prod-ro\nprod-ro.plant7\nprod-ro.plant7.svc\nprod-ro.plant7.svc.cluster.local\n\
             prod-pooler\nprod-pooler.plant7\nprod-pooler.plant7.svc\nprod-pooler.plant7.svc.cluster.local\n\
             *.prod-headless\n*.prod-headless.plant7\n*.prod-headless.plant7.svc\n\
             *.prod-headless.plant7.svc.cluster.local\nlocalhost"
        );
    }

    #[test]
    fn the_parts_are_pem_and_differ_each_time() {
        let make = || certificate("prod", vec!["prod".to_owned()], 1_795_000_000, 30);
        let (Ok(first), Ok(second)) = (make(), make()) else { panic!("a plain name is accepted") };
        assert!(first.authority.starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(first.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(first.private_key.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_ne!(first.private_key, second.private_key);
        assert_ne!(first.authority, second.authority);
    }
}
