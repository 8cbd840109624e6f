//! Renders in this process, without files and flags.

use std::collections::BTreeMap;

use pgpod::diagnostics::{Diagnostics, Sources, report};
use pgpod::pipeline;
use pgpod::release::Release;
use pgpod::render::Templates;
use pgpod::values::Input;
use serde_json::Value as Json;

/// What a render of release `demo` made.
#[derive(Debug, PartialEq)]
pub(crate) struct Rendered {
    /// As `pgpod render` prints it.
    pub(crate) stream: String,
    /// `postgresql.conf`, `pg_hba.conf`, SQL, scripts, by file name.
    pub(crate) files: BTreeMap<String, String>,
}

/// Renders values with their namespace; the report of what is wrong, if they are.
pub(crate) fn rendered(values: &Json) -> Result<Rendered, String> {
    rendered_text(&pgpod::yaml::to_yaml(values))
}

/// The same, of a values file's text.
fn rendered_text(text: &str) -> Result<Rendered, String> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let release = Release::new("demo", "plant7", true).expect("the names are valid");
    let input = Input::File { name: "values.yaml".to_owned(), text: text.to_owned(), stdin: false };
    let no_files = &|_: &str| Err("no flag names a file".to_owned());
    let made = pipeline::load(None, vec![input], no_files, &mut sources, &mut found)
        .filter(|_| !found.has_errors())
        .and_then(|loaded| {
            pipeline::make(&loaded, &release, &Templates::default(), &mut sources, &mut found)
        });
    match made {
        Some(made) if !found.has_errors() => {
            Ok(Rendered { stream: pgpod::manifest::to_stream(&made.objects), files: made.config_files() })
        }
        _ => Err(report(&found, &sources, false)),
    }
}

/// YAML as JSON, for tables of values that are easier to read so.
pub(crate) fn yaml(text: &str) -> Json {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

impl Rendered {
    /// Every object, as a reader of YAML 1.2 takes the stream.
    pub(crate) fn objects(&self) -> Vec<Json> {
        use serde::Deserialize as _;
        let documents = serde_yaml::Deserializer::from_str(&self.stream);
        documents.map(|document| Json::deserialize(document).expect("the stream is YAML")).collect()
    }
}

/// One of these objects by kind and name.
pub(crate) fn named<'a>(objects: &'a [Json], kind: &str, name: &str) -> &'a Json {
    let found = objects.iter().find(|o| o["kind"] == kind && o["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("there is no {kind} `{name}`"))
}
