//! A rule of `pg_hba.conf`, word by word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::postgres::{Major, hba};

fuzz_target!(|text: &str| {
    let mut words = text.split_whitespace().map(str::to_owned);
    let mut list =
        || words.next().map(|word| word.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let (databases, users) = (list(), list());
    let mut word = || words.next().unwrap_or_default();
    let rule = hba::RuleText {
        kind: word(),
        databases,
        users,
        address: Some(word()),
        method: word(),
        options: words
            .filter_map(|word| word.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect(),
    };
    for major in Major::ALL {
        let context = hba::Context {
            major,
            tls: true,
            client_ca: true,
            oauth_validators: true,
            superuser: "postgres",
            absent: &[],
            maps: &["a"],
        };
        let _ = hba::check(&rule, &context);
    }
});
