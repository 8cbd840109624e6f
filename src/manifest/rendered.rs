//! What a template became: a text in which each value is apart. The text around the values hardly differs from release to
//! release, so it is read once, and values need not be written only to be read again.

use serde_json::Value;

use crate::yaml;

/// How a mark begins and ends, and the number of its value is between: a quoted text to any reader of YAML.
const BEGIN: &str = "\"pgpod-value-";
const END: char = '"';

/// What a template became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// The template's path, such as `templates/kubernetes/service.yaml`.
    pub template: String,
    /// YAML, of any number of documents, with a mark where each value stands.
    text: String,
    values: Vec<Value>,
}

impl RenderedFile {
    /// A text that holds its values as YAML.
    pub fn whole(template: String, text: String) -> Self {
        Self { template, text, values: Vec::new() }
    }

    /// A text with marks, and what they stand for. None where the text does not hold the mark of each value once and in
    /// order: the template then did something else with one than to place it.
    pub fn apart(template: String, text: String, values: Vec<Value>) -> Option<Self> {
        let marks = marks(&text).map(|(_, number)| number);
        marks.eq(0..values.len()).then_some(Self { template, text, values })
    }

    /// The text as it would be with every value written where it stands.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut at = 0;
        for ((mark, length), value) in
            marks(&self.text).map(|(at, number)| (at, mark(number).len())).zip(&self.values)
        {
            text.push_str(&self.text[at..mark]);
            text.push_str(&yaml::to_flow(value).expect("a value of JSON is written as JSON"));
            at = mark + length;
        }
        text + &self.text[at..]
    }

    /// Whether nothing was rendered: a template that this release has no use for.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }

    /// The text with marks, and what they stand for; none where values are in the text.
    pub(super) fn parts(&self) -> Option<(&str, &[Value])> {
        (!self.values.is_empty()).then_some((&self.text, &self.values))
    }
}

/// What stands for the value of a number.
pub fn mark(number: usize) -> String {
    format!("{BEGIN}{number}{END}")
}

/// The number that a text in the place of a value stands for; `Err` where it only looks like a mark.
pub(super) fn number(text: &str) -> Option<Result<usize, ()>> {
    let bare = &BEGIN[1..];
    text.contains(bare).then(|| text.strip_prefix(bare).and_then(|digits| digits.parse().ok()).ok_or(()))
}

/// Where each mark of a text begins, and its number.
fn marks(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(BEGIN).map(|(at, begin)| {
        let rest = &text[at + begin.len()..];
        let number = rest.split_once(END).and_then(|(digits, _)| digits.parse().ok());
        // What only looks like a mark has a number that no value has.
        (at, number.unwrap_or(usize::MAX))
    })
}
