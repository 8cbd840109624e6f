//! The plan and the templates, rendered to text. Documents (the server's configuration, SQL, scripts) come first;
//! the Kubernetes templates then place them whole, as values.
//!
//! To add a template: a file below `templates/`, a row in `templates.rs`.

mod engine;
mod escape;
mod templates;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::value::{Serde, Value};
use minijinja::{Error, context};

use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceKind, Sources, codes};
use crate::manifest::RenderedFile;
use crate::plan::Plan;

use escape::{Language, Written};
pub use templates::{Embedded, TEMPLATES, Templates};

/// Everything that the templates made.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The documents by their path below `templates/`: configuration files, SQL, scripts.
    pub documents: BTreeMap<String, String>,
    /// The Kubernetes manifests, as their templates wrote them.
    pub manifests: Vec<RenderedFile>,
}

impl Rendered {
    /// The documents of one folder, by their file names.
    fn below(&self, folder: &str) -> BTreeMap<&str, &str> {
        let file = |path| Path::new(path).strip_prefix(folder).ok()?.to_str();
        self.documents.iter().filter_map(|(path, text)| Some((file(path)?, text.as_str()))).collect()
    }

    /// The SQL that the keeper runs: pgpod's own and the user's scripts.
    fn init_files<'a>(&'a self, plan: &'a Plan) -> BTreeMap<&'a str, &'a str> {
        let scripts = plan.scripts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        self.below("sql").into_iter().chain(scripts).collect()
    }
}

/// What a template can refer to, as JSON: `pgpod templates context` prints it.
pub fn context_json(plan: &Plan) -> serde_json::Value {
    serde_json::to_value(plan).unwrap_or_default()
}

/// Renders every template. Errors point into the template's text; values never show in them.
pub(crate) fn render(
    plan: &Plan,
    templates: &Templates,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Rendered {
    let mut rendered = Rendered::default();
    let engine = templates.engine();
    for (path, why) in &engine.refused {
        found.push(match why {
            Some(error) => explain(error, path, templates, sources),
            None => {
                Diagnostic::error(codes::TEMPLATE_PATH, format!("`{path}` is no template that pgpod can use"))
                    .cause("a template's folder tells its language, and so how values are written into it")
                    .help("put it into `kubernetes/` (.yaml), `config/` (.conf), `sql/` (.sql) or `scripts/`")
            }
        });
    }
    let base = Value::from(Serde(plan));
    let context = context! { hba => Written::value(Language::Hba, plan.access.hba.clone()), ident => Written::value(Language::Hba, plan.access.ident.clone()), ..base.clone() };
    let (manifests, documents): (Vec<_>, Vec<_>) =
        engine.usable.iter().partition(|(_, language)| *language == Language::Yaml);
    for (path, language) in documents {
        let document = match language {
            Language::Script => Ok(templates.text(path).to_owned()),
            _ => engine.document(path, &context),
        };
        match document {
            Ok(text) => {
                rendered.documents.insert(path.clone(), text);
            }
            Err(error) => found.push(explain(&error, path, templates, sources)),
        }
    }
    let context = context! {
        configFiles => Value::from(Serde(&rendered.below("config"))),
        initFiles => Value::from(Serde(&rendered.init_files(plan))),
        podScripts => Value::from(Serde(&rendered.below("scripts"))),
        ..base
    };
    for (path, _) in manifests {
        match engine.manifest(path, &context) {
            Ok(file) => rendered.manifests.push(file),
            Err(error) => found.push(explain(&error, path, templates, sources)),
        }
    }
    rendered
}

/// A template's error as a diagnostic, with the place in the template. The engine's own debug output shows values, so
/// nothing of it is used.
fn explain(error: &Error, path: &str, templates: &Templates, sources: &mut Sources) -> Diagnostic {
    let text = templates.text(path);
    let source = sources.add(
        format!("templates/{}", error.name().unwrap_or(path)),
        SourceKind::Template,
        text.to_owned(),
    );
    let range = error.range().filter(|r| r.end <= text.len()).unwrap_or(0..0);
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut diagnostic = Diagnostic::error(
        codes::TEMPLATE_ERROR,
        format!("`templates/{path}` does not render: {}", error.kind()),
    )
    .at(Place { source, start: range.start, end: range.end }, "here");
    diagnostic = diagnostic.cause(detail);
    diagnostic.help("`pgpod templates context` prints what a template can refer to")
}
