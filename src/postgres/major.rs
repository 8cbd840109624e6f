//! The majors that pgpod knows.

/// A PostgreSQL major version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Major {
    V14,
    V15,
    V16,
    V17,
    V18,
}

impl Major {
    pub const ALL: [Major; 5] = [Major::V14, Major::V15, Major::V16, Major::V17, Major::V18];

    pub fn number(self) -> u32 {
        14 + self as u32
    }
}
