//! The way to a value of an object, with items of lists by their names: `spec.template.spec.containers[postgres].image`.

use std::fmt;

use serde_json::Value as Json;

use super::lists;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A key of a map, or a part of an embedded file.
    Key(String),
    /// An item of a list: what identifies it, or its number.
    Item(String),
}

/// Steps from an object's root.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

impl Path {
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    pub(super) fn item(&self, label: &str) -> Self {
        self.with(Step::Item(label.to_owned()))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// The texts of the steps.
    fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().map(|step| match step {
            Step::Key(text) | Step::Item(text) => text.as_str(),
        })
    }

    pub(super) fn last(&self) -> &str {
        self.words().next_back().unwrap_or_default()
    }

    /// The word at a place, the first at 0.
    pub(super) fn word(&self, at: usize) -> &str {
        self.words().nth(at).unwrap_or_default()
    }

    /// Whether the path fits a pattern: words divided by spaces, `*` for any one, `**` at the end for any number of them.
    pub(super) fn fits(&self, pattern: &str) -> bool {
        let mut words = self.words();
        for wanted in pattern.split_whitespace() {
            if wanted == "**" {
                return true;
            }
            match words.next() {
                Some(word) if wanted == "*" || word == wanted => {}
                _ => return false,
            }
        }
        words.next().is_none()
    }

    /// The value at the path, in an object of the same shape; an item of a list by what identifies it.
    pub(super) fn find<'a>(&self, value: &'a Json) -> Option<&'a Json> {
        let mut list = "";
        self.0.iter().try_fold(value, |value, step| match step {
            // The rest of the path is inside of a file.
            _ if value.is_string() => Some(value),
            Step::Key(key) => {
                list = key;
                value.get(key)
            }
            Step::Item(label) => lists::item(list, value.as_array()?, label),
        })
    }

    /// The names of the lists that the path leads through.
    pub(super) fn lists(&self) -> impl Iterator<Item = &str> {
        self.0.windows(2).filter_map(|steps| match steps {
            [Step::Key(list), Step::Item(_)] => Some(list.as_str()),
            _ => None,
        })
    }

    /// The texts of all steps but the last.
    pub(super) fn above(&self) -> impl Iterator<Item = &str> {
        self.words().take(self.0.len().saturating_sub(1))
    }

    /// The path without its first words, where it begins with them.
    pub(super) fn after(&self, prefix: &[&str]) -> Option<Self> {
        let begins =
            self.0.len() >= prefix.len() && self.words().zip(prefix).all(|(word, want)| word == *want);
        begins.then(|| Self(self.0[prefix.len()..].to_vec()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if !key.is_empty() && !key.contains(['.', '/', '[', ' ']) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(text) | Step::Item(text) => write!(f, "[{text}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_names_items_and_fits_patterns() {
        let path = Path::default().key("spec").key("containers").item("postgres").key("a.b/c");
        assert_eq!(path.to_string(), "spec.containers[postgres][a.b/c]");
        for (pattern, fits) in [
            ("spec containers postgres a.b/c", true),
            ("spec containers * a.b/c", true),
            ("spec **", true),
            ("**", true),
            ("spec containers", false),
            ("spec containers postgres a.b/c d", false),
            ("spec containers exporter **", false),
        ] {
            assert_eq!(path.fits(pattern), fits, "{pattern}");
        }
    }
}
