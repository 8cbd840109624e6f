//! YAML in and out: [`read()`] keeps the token as written and its place, [`to_yaml`] writes what every reader reads alike.
//!
//! What a token *means* is asked separately, of a [`Scalar`]: the schema decides, or [`helm_file`]
//! and [`Node::to_json`] do as Helm would.

mod flow;
mod node;
mod path;
mod read;
mod scalar;
mod syntax;
#[cfg(test)]
mod tests;
mod trail;
mod tree;
mod within;
mod write;

pub use flow::to_flow;
pub use node::{Entry, Map, Node, Scalar, Style, Value};
pub use path::{PathError, Step, ValuePath};
pub use read::{read, read_part};
pub use scalar::{helm_file, helm_flag, is_endless, kubernetes};
pub use trail::Trail;
pub use write::{append_in_order, in_order, to_yaml};
