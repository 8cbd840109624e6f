//! YAML, and what is written of it again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::diagnostics::{Diagnostics, SourceKind, Sources, report};
use pgpod::yaml;

fuzz_target!(|text: &str| {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let id = sources.add("x.yaml", SourceKind::File, text);
    for node in yaml::read(&sources, id, &mut found) {
        let _ = yaml::to_yaml(&node.to_json());
    }
    let _ = report(&found, &sources, true);
});
