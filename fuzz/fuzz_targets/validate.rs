//! A values file through everything that `pgpod validate` does, and every format of its report.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::diagnostics::{Diagnostics, Sources, formats, report};
use pgpod::pipeline;
use pgpod::release::Release;
use pgpod::render::Templates;
use pgpod::values::Input;

fuzz_target!(|text: &str| {
    let inputs = vec![Input::File { name: "x.yaml".to_owned(), text: text.to_owned(), stdin: false }];
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let no_file = |_: &str| Err(String::new());
    let release = Release::new("demo", "plant7", false).expect("it is a name");
    if let Some(loaded) = pipeline::load(None, inputs, &no_file, &mut sources, &mut found) {
        let _ = pipeline::validate(&loaded, &release, &Templates::default(), &mut sources, &mut found);
    }
    let _ = report(&found, &sources, true);
    let findings = formats::findings(&found, &sources);
    let _ = (formats::json(&findings), formats::github(&findings), formats::sarif(&findings, "x.yaml"));
});
