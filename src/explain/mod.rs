//! What stands behind a release, for people: what its parameters are derived from, and what a key means, who set it and
//! where it ends up.
//!
//! Everything here is data that serialises, with a text beside it; `cli/` prints one or the other.

mod key;
mod live;
mod parameter;
mod spots;
mod text;
mod topic;
mod trial;
mod tuning;
mod word;

pub use spots::Spot;
pub use topic::{Below, Explained, Explainer, OfParameter, Origin, Places};
pub use tuning::{Budget, Numbers, SetBy, Summand, Tuned, TunedParameter};
