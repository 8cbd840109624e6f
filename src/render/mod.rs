//! The plan and the templates, rendered to text. Documents (the server's configuration, SQL, scripts) come first;
//! the Kubernetes templates then place them whole, as values.
//!
//! To add a template: a file below `templates/`, a row in `templates.rs`.

mod escape;
mod templates;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, context};

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
    let mut environment = environment();
    let mut names = Vec::new();
    for (path, template) in templates.iter() {
        let Some(language) = Language::of(path) else {
            found.push(
                Diagnostic::error(
                    codes::TEMPLATE_PATH,
                    format!("`{path}` is no template that pgpod can use"),
                )
                .cause("a template's folder tells its language, and so how values are written into it")
                .help("put it into `kubernetes/` (.yaml), `config/` (.conf), `sql/` (.sql) or `scripts/`"),
            );
            continue;
        };
        if language == Language::Script {
            rendered.documents.insert(path.to_owned(), template.text.clone().into_owned());
        } else if let Err(error) = environment.add_template_owned(path.to_owned(), template.text.clone()) {
            found.push(explain(&error, path, &template.text, sources));
        } else {
            names.push((path, language, &template.text));
        }
    }
    let base = Value::from(Serde(plan));
    let (manifests, documents): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|(_, language, _)| *language == Language::Yaml);
    let context = context! { hba => Written::value(Language::Hba, plan.access.hba.clone()), ident => Written::value(Language::Hba, plan.access.ident.clone()), ..base.clone() };
    for (path, _, text) in documents {
        if let Some(document) = render_one(&environment, path, text, &context, sources, found) {
            rendered.documents.insert(path.to_owned(), document);
        }
    }
    let context = context! {
        configFiles => Value::from(Serde(&rendered.below("config"))),
        initFiles => Value::from(Serde(&rendered.init_files(plan))),
        podScripts => Value::from(Serde(&rendered.below("scripts"))),
        ..base
    };
    for (path, _, text) in manifests {
        if let Some(text) = render_one(&environment, path, text, &context, sources, found) {
            rendered.manifests.push(RenderedFile { template: format!("templates/{path}"), text });
        }
    }
    rendered
}

fn render_one(
    environment: &Environment<'_>,
    path: &str,
    text: &str,
    context: &Value,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<String> {
    match environment.get_template(path).and_then(|template| template.render(context)) {
        Ok(text) => Some(text),
        Err(error) => {
            found.push(explain(&error, path, text, sources));
            None
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_keep_trailing_newline_and_blocks();
    // Ends a template that loops for ever: a render of the embedded ones takes about a hundredth of it.
    environment.set_fuel(Some(5_000_000));
    environment.set_formatter(|out, state, value| {
        let language = Language::of(state.name()).ok_or_else(|| {
            Error::new(minijinja::ErrorKind::InvalidOperation, "a template without a language")
        })?;
        out.write_str(&language.write(value)?).map_err(Error::from)
    });
    for filter in ["safe", "escape", "e", "tojson", "urlencode", "string"] {
        environment.remove_filter(filter);
    }
    // It prints everything that a template can refer to, passwords included.
    environment.remove_global("debug");
    environment.add_filter("ident", |value: &Value| escape::ident(value));
    environment.add_filter("connect", |value: &Value| escape::connect(value));
    environment.add_filter("psql", |value: &Value| escape::psql(value));
    environment.add_filter("parameter", |value: &Value| escape::parameter(value));
    environment
}

/// Whitespace as a reader of the template expects it: a block's own line leaves nothing.
trait Whitespace {
    fn set_keep_trailing_newline_and_blocks(&mut self);
}

impl Whitespace for Environment<'_> {
    fn set_keep_trailing_newline_and_blocks(&mut self) {
        let syntax = self
            .syntax()
            .to_builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        self.set_syntax(syntax.expect("the default delimiters are valid"));
    }
}

/// A template's error as a diagnostic, with the place in the template. The engine's own debug output shows values, so
/// nothing of it is used.
fn explain(error: &Error, path: &str, text: &str, sources: &mut Sources) -> Diagnostic {
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
