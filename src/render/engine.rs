//! The templates' engine: made once for a set of templates, whatever number of releases they are rendered for.

use std::borrow::Cow;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use super::escape::{self, Language};
use super::templates::{self, Template};
use crate::manifest::{self, RenderedFile};

/// Templates, read.
#[derive(Debug)]
pub(super) struct Engine {
    environment: Environment<'static>,
    /// What can be rendered, by path.
    pub(super) usable: Vec<(String, Language)>,
    /// What can't be, and why: nothing where the path tells no language.
    pub(super) refused: Vec<(String, Option<Error>)>,
}

impl Engine {
    pub(super) fn new<'a>(set: impl Iterator<Item = (&'a str, &'a Template)>) -> Self {
        let mut engine = Self { environment: environment(), usable: Vec::new(), refused: Vec::new() };
        engine.environment.set_formatter(|out, state, value| {
            let language = language(state.name())?;
            if language == Language::Yaml
                && !Language::is_written(value)
                && let Ok(value) = serde_json::to_value(value)
            {
                let Apart(values) = state.get_or_insert_extension_with(Apart::default);
                values.push(value);
                return out.write_str(&manifest::mark(values.len() - 1)).map_err(Error::from);
            }
            out.write_str(&language.write(value)?).map_err(Error::from)
        });
        engine.environment.set_loader(|path| Ok(templates::embedded(path).map(str::to_owned)));
        for (path, template) in set {
            let added = match (Language::of(path), &template.text) {
                (None, _) => Err(None),
                // What is embedded is read when it is rendered: no release needs all of it.
                (Some(language), Cow::Borrowed(_)) => Ok(language),
                (Some(Language::Script), _) => Ok(Language::Script),
                (Some(language), Cow::Owned(text)) => {
                    let added = engine.environment.add_template_owned(path.to_owned(), text.clone());
                    added.map(|()| language).map_err(Some)
                }
            };
            match added {
                Ok(language) => engine.usable.push((path.to_owned(), language)),
                Err(why) => engine.refused.push((path.to_owned(), why)),
            }
        }
        engine
    }

    /// A document, whole.
    pub(super) fn document(&self, path: &str, context: &Value) -> Result<String, Error> {
        self.environment.get_template(path)?.render(context)
    }

    /// A manifest, its values apart from its text.
    pub(super) fn manifest(&self, path: &str, context: &Value) -> Result<RenderedFile, Error> {
        let name = || format!("templates/{path}");
        let template = self.environment.get_template(path)?;
        let mut captured = template.render_captured(context)?;
        let values = captured.with_state_mut(|state| state.get_extension_mut::<Apart>().map(std::mem::take));
        let Apart(values) = values.unwrap_or_default();
        if let Some(file) = RenderedFile::apart(name(), captured.into_output(), values) {
            return Ok(file);
        }
        // It did more with a value than to place it (`{% set %}` with a block): that needs the text of it.
        let mut environment = environment();
        environment.set_formatter(|out, state, value| {
            out.write_str(&language(state.name())?.write(value)?).map_err(Error::from)
        });
        let text = environment.render_named_str(path, template.source(), context)?;
        Ok(RenderedFile::whole(name(), text))
    }
}

/// The values of a manifest, in the order of their marks.
#[derive(Default)]
struct Apart(Vec<serde_json::Value>);

fn language(path: &str) -> Result<Language, Error> {
    let unknown = || Error::new(minijinja::ErrorKind::InvalidOperation, "a template without a language");
    Language::of(path).ok_or_else(unknown)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_keep_trailing_newline_and_blocks();
    // Ends a template that loops for ever: a render of the embedded ones takes about a hundredth of it.
    environment.set_fuel(Some(5_000_000));
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
