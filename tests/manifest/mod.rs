//! Objects through the door of `manifest`: good ones pass, broken ones are reported in full, patches merge as
//! `kubectl` merges them, and what is printed is read back.

use pgpod::diagnostics::{Diagnostics, Sources, report};
use pgpod::manifest::{self, Object, RenderedFile};

use broken::{BROKEN, GOOD};

pub(crate) mod broken;

pub(crate) fn parse(text: &str) -> (Vec<Object>, Sources, Diagnostics) {
    let file = RenderedFile { template: "templates/kubernetes/all.yaml".to_owned(), text: text.to_owned() };
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let objects = manifest::parse(&[file], &mut sources, &mut found);
    (objects, sources, found)
}

/// What reading and checking a text finds, as title and remedy.
pub(crate) fn findings(text: &str) -> Vec<(String, String)> {
    let (objects, sources, mut found) = parse(text);
    manifest::check(&objects, &[], &sources, &mut found);
    found.into_sorted().into_iter().map(|finding| (finding.title, finding.help.unwrap_or_default())).collect()
}

/// The whole report of reading and checking a text, as a user sees it.
fn whole_report(text: &str) -> String {
    let (objects, sources, mut found) = parse(text);
    manifest::check(&objects, &[], &sources, &mut found);
    report(&found, &sources, false)
}

#[test]
fn a_plausible_release_has_no_findings() {
    assert_eq!(whole_report(GOOD), "");
}

#[test]
fn every_broken_manifest_gives_exactly_its_findings() {
    for broken in BROKEN {
        let expected: Vec<(String, String)> =
            broken.findings.iter().map(|(title, help)| ((*title).to_owned(), (*help).to_owned())).collect();
        assert_eq!(findings(&broken.text()), expected, "{:?} became {:?}", broken.from, broken.to);
    }
}
