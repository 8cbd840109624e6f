//! One `--set*` flag: its kind, the changes that it asks for, and how they act on the values so far.

use super::merge::merge;
use super::set::{self, Files};
use super::{json_flag, set::nothing};
use crate::diagnostics::{Diagnostic, Place, SourceId, SourceKind, Sources, codes};
use crate::yaml::{Entry, Map, Node, Step, Value, ValuePath};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagKind {
    Set,
    SetString,
    SetFile,
    SetJson,
    SetLiteral,
}

impl FlagKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "--set",
            Self::SetString => "--set-string",
            Self::SetFile => "--set-file",
            Self::SetJson => "--set-json",
            Self::SetLiteral => "--set-literal",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Change {
    Assign(Assignment),
    /// The whole argument of a `--set-json` is an object: it merges as a file does.
    Merge(Node),
}

#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub(super) steps: Vec<SetStep>,
    pub(super) node: Node,
}

#[derive(Debug, Clone)]
pub(super) struct SetStep {
    pub(super) kind: StepKind,
    pub(super) place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepKind {
    Key(String),
    Index(usize),
    /// The item whose `key` is `value`.
    Select {
        key: String,
        value: String,
    },
}

/// Reads a flag. A flag that is refused shows nothing that could be a value: all after its first `=` is hidden.
pub(super) fn parse(
    kind: FlagKind,
    id: SourceId,
    files: Files<'_>,
    sources: &mut Sources,
) -> Result<Vec<Change>, Diagnostic> {
    let text = sources.get(id).text.as_str();
    let changes = match kind {
        _ if text.is_empty() => Err(nothing(Place::new(id, 0, 0))),
        FlagKind::SetJson => json_flag::parse(id, text),
        _ => set::parse(kind, id, text, files),
    };
    if changes.is_err() {
        let sign = if text.trim_start().starts_with('{') { ':' } else { '=' };
        if let Some(at) = text.find(sign) {
            let secret = Place::new(id, at + 1, text.len());
            sources.hide(secret);
        }
    }
    changes
}

impl Change {
    /// Acts on the values so far; gives the path that was set.
    pub(super) fn apply(self, root: &mut Node, sources: &Sources) -> Result<(ValuePath, Node), Diagnostic> {
        match self {
            Self::Merge(node) => {
                merge(root, node.clone());
                Ok((ValuePath::root(), node))
            }
            Self::Assign(assignment) => {
                let node = assignment.node.clone();
                Ok((assign(root, assignment, sources)?, node))
            }
        }
    }

    /// Whether it could set a key of the root.
    pub(super) fn may_set(&self, name: &str) -> bool {
        match self {
            Self::Merge(_) => true,
            Self::Assign(change) => {
                change.steps.first().is_none_or(|step| step.kind == StepKind::Key(name.to_owned()))
            }
        }
    }

    /// The places of all values, for a report that must not show them.
    pub(super) fn value(&self) -> Place {
        match self {
            Self::Assign(Assignment { node, .. }) | Self::Merge(node) => node.place,
        }
    }
}

fn assign(root: &mut Node, assignment: Assignment, sources: &Sources) -> Result<ValuePath, Diagnostic> {
    let Assignment { steps, node: value } = assignment;
    let mut node = root;
    let mut path = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let in_list = at > 0 && !matches!(steps[at - 1].kind, StepKind::Key(_));
        fit(node, step, in_list, &path, sources)?;
        let (index, name) = match (&step.kind, &mut node.value) {
            (StepKind::Select { key, value }, Value::List(items)) => {
                let index = select(items, key, value, step.place, &path)?;
                (index, Step::Index(index))
            }
            (StepKind::Index(index), Value::List(items)) => {
                while items.len() <= *index {
                    items.push(Node::null(step.place));
                }
                (*index, Step::Index(*index))
            }
            (StepKind::Key(key), Value::Map(map)) => {
                if map.get(key).is_none() {
                    let node = empty_for(steps.get(at + 1), step.place);
                    map.insert(Entry { key: key.clone(), key_place: step.place, node });
                }
                (0, Step::Key(key.clone()))
            }
            _ => unreachable!("`fit` made the node what the step needs"),
        };
        path.push(name);
        let next = match (&step.kind, &mut node.value) {
            (StepKind::Key(key), Value::Map(map)) => {
                if at + 1 == steps.len() {
                    map.insert(Entry { key: key.clone(), key_place: step.place, node: value });
                    return Ok(path.into_iter().collect());
                }
                map.get_mut(key)
            }
            (_, Value::List(items)) => items.get_mut(index),
            _ => None,
        };
        node = next.expect("the step was just made to exist");
    }
    *node = value;
    Ok(path.into_iter().collect())
}

fn empty_for(next: Option<&SetStep>, place: Place) -> Node {
    match next.map(|step| &step.kind) {
        Some(StepKind::Key(_)) => Node::map(place, Map::new()),
        Some(_) => Node::list(place, Vec::new()),
        None => Node::null(place),
    }
}

/// Makes a node the map or list that a step goes into, or says why that can't be.
fn fit(
    node: &mut Node,
    step: &SetStep,
    in_list: bool,
    path: &[Step],
    sources: &Sources,
) -> Result<(), Diagnostic> {
    let wants_map = matches!(step.kind, StepKind::Key(_));
    let fits = match &node.value {
        Value::Map(_) => wants_map,
        Value::List(_) => !wants_map,
        Value::Scalar(_) => false,
    };
    if fits {
        return Ok(());
    }
    // What Helm does: an item that is no map gives way silently, and its parser never sees a chart's defaults.
    let kind = sources.get(node.place.source).kind;
    let built_in = matches!(kind, SourceKind::Preset | SourceKind::Defaults);
    if built_in || (in_list && (wants_map || node.is_null())) {
        *node = empty_for(Some(step), step.place);
        return Ok(());
    }
    let path: ValuePath = path.iter().cloned().collect();
    let (wanted, what) = if wants_map { ("a map", "key") } else { ("a list", "index") };
    Err(Diagnostic::error(
        codes::FLAG_PATH,
        format!("`{path}` is {}, so there is no {what} in it to set", node.kind()),
    )
    .at(step.place, format!("this needs {wanted}"))
    .at(node.place, format!("{} since here", node.kind()))
    .help(format!("set `{path}` as a whole, or remove one of the two")))
}

fn select(items: &[Node], key: &str, value: &str, place: Place, path: &[Step]) -> Result<usize, Diagnostic> {
    let field = |item: &Node| item.as_map()?.get(key)?.as_scalar().map(|scalar| scalar.token.clone());
    let matching: Vec<usize> =
        (0..items.len()).filter(|at| field(&items[*at]).as_deref() == Some(value)).collect();
    let list: ValuePath = path.iter().cloned().collect();
    match matching.as_slice() {
        [index] => Ok(*index),
        [] => {
            let known: Vec<String> = items.iter().filter_map(field).map(|name| format!("`{name}`")).collect();
            let help = match known.as_slice() {
                [] => format!("no item of `{list}` has a `{key}`; set one by its number, as `{list}[0]`"),
                _ => format!("there are {}", known.join(", ")),
            };
            Err(Diagnostic::error(codes::FLAG_PATH, format!("no item of `{list}` has `{key}` = `{value}`"))
                .at(place, "")
                .help(help))
        }
        _ => Err(Diagnostic::error(
            codes::FLAG_PATH,
            format!("{} items of `{list}` have `{key}` = `{value}`", matching.len()),
        )
        .at(place, "")
        .help(format!("set one of them by its number, as `{list}[{}]`", matching[0]))),
    }
}
