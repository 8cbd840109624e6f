//! Rendered text becomes Kubernetes objects: read, patched, checked, put in order, written.
//!
//! [`parse()`] reads what was rendered, [`Object::from_value`] takes an object out of the values; [`apply_patches`],
//! [`check`], [`sort`] and the writers of `print` follow. A kind is a row of `kinds`, a check a file of `checks`.

mod checks;
mod compact;
mod given;
mod kinds;
mod leak;
mod object;
mod parse;
mod patches;
mod print;
mod reporter;
mod schema;

pub use checks::{Demands, Reference, Whole, check, references};
pub use given::Given;
pub use kinds::{Kind, sort};
pub use leak::leak;
pub use object::{Object, ObjectId, Origin};
pub use parse::{parse, read};
pub use patches::{MERGE_KEYS, MergeKey, Patch, Strategy, apply_patches};
pub use print::{file_names, to_json, to_json_list, to_stream};

/// What a template became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// The template's path, such as `templates/kubernetes/service.yaml`.
    pub template: String,
    /// YAML, of any number of documents.
    pub text: String,
}
