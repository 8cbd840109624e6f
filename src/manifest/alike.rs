//! Values by what they say: those that say the same have the same number, so that one is found among thousands at once.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::yaml::Step;

/// The numbers that were given.
#[derive(Debug, Default)]
pub(super) struct Numbers(BTreeMap<Said, usize>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Token(String),
    List(Vec<usize>),
    /// A null in a map says nothing.
    Map(BTreeMap<String, usize>),
}

/// A value with its number, and all below it with theirs.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) number: usize,
    /// How many items before this one of the same list say the same.
    pub(super) before: usize,
    below: Below,
}

#[derive(Debug)]
enum Below {
    Nothing,
    Items(Vec<Numbered>),
    Entries(BTreeMap<String, Numbered>),
}

impl Numbers {
    pub(super) fn number(&mut self, value: &Json) -> Numbered {
        let (said, below) = match value {
            Json::Array(items) => {
                let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
                let numbered = |item| {
                    let item = self.number(item);
                    let count = counts.entry(item.number).or_default();
                    *count += 1;
                    Numbered { before: *count - 1, ..item }
                };
                let items: Vec<Numbered> = items.iter().map(numbered).collect();
                (Said::List(items.iter().map(|item| item.number).collect()), Below::Items(items))
            }
            Json::Object(map) => {
                let entries: BTreeMap<String, Numbered> =
                    map.iter().map(|(key, value)| (key.clone(), self.number(value))).collect();
                let said = entries.iter().filter(|(key, _)| !map[*key].is_null());
                let said = said.map(|(key, value)| (key.clone(), value.number)).collect();
                (Said::Map(said), Below::Entries(entries))
            }
            _ => (Said::Token(value.to_string()), Below::Nothing),
        };
        let next = self.0.len();
        Numbered { number: *self.0.entry(said).or_insert(next), before: 0, below }
    }
}

impl Numbered {
    pub(super) fn step(&self, step: &Step) -> Option<&Self> {
        match (&self.below, step) {
            (Below::Items(items), Step::Index(index)) => items.get(*index),
            (Below::Entries(entries), Step::Key(key)) => entries.get(key),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_the_same_has_the_same_number() {
        let mut numbers = Numbers::default();
        let mut number = |value: Json| numbers.number(&value).number;
        let one = number(json!({"a": 1, "b": [{"c": null}, "1"]}));
        assert_eq!(number(json!({"b": [{}, "1"], "d": null, "a": 1})), one);
        for other in [
            json!({"a": "1", "b": [{}, "1"]}),
            json!({"a": 1, "b": ["1", {}]}),
            json!({"a": 1, "b": [null, "1"]}),
        ] {
            assert_ne!(number(other.clone()), one, "{other}");
        }
    }

    #[test]
    fn of_several_items_that_are_the_same_each_knows_which_it_is() {
        let list = Numbers::default().number(&json!([{"a": 1}, "b", {"a": 1}, {"a": 1}]));
        let before = |index| list.step(&Step::Index(index)).map(|item| item.before);
        assert_eq!([0, 1, 2, 3, 4].map(before), [Some(0), Some(0), Some(1), Some(2), None]);
    }
}
