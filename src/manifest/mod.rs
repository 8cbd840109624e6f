//! Rendered text becomes Kubernetes objects: read, patched, checked, put in order, written.
//!
//! [`parse()`] reads what was rendered, [`Object::from_written`] takes an object out of the values; [`apply_patches`],
//! [`check`], [`sort`] and the writers of `print` follow. A kind is a row of `kinds`, a check a file of `checks`.

mod alike;
mod built_in;
mod checks;
mod encoded;
mod entered;
mod fields;
mod json_stream;
mod kinds;
mod leak;
mod object;
mod parse;
mod patches;
mod print;
mod rendered;
mod reporter;
mod schema;
mod secrets;
mod skeleton;
mod written;

pub use checks::{Demands, Reference, SecretReference, Server, Whole, check, check_entered, references};
pub use encoded::decode;
pub use entered::Entered;
pub use fields::{held, place};
pub use kinds::{Kind, sort};
pub use leak::leak;
pub use object::{Document, Object, ObjectId, Origin};
pub use parse::parse;
pub use patches::{MERGE_KEYS, MergeKey, Patch, Strategy, apply_patches};
pub use print::{file_names, to_json, to_json_list, to_stream};
pub use rendered::{RenderedFile, mark};
pub use secrets::{secrets, secrets_of_text};
pub use written::{endless, read, read_all};
