use std::fmt;

/// A major version of PostgreSQL that `pgpod` supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Major {
    V14,
    V15,
    V16,
    V17,
    V18,
}

impl Major {
    pub const ALL: [Self; 5] = [Self::V14, Self::V15, Self::V16, Self::V17, Self::V18];

    /// Reads a bare major such as `17`; a minor release (`17.4`) is not a major.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|major| major.to_string() == text)
    }

    pub fn number(self) -> u16 {
        match self {
            Self::V14 => 14,
            Self::V15 => 15,
            Self::V16 => 16,
            Self::V17 => 17,
            Self::V18 => 18,
        }
    }

    /// The day of the last minor release, as `YYYY-MM-DD`; from postgresql.org/support/versioning.
    pub fn end_of_life(self) -> &'static str {
        match self {
            Self::V14 => "2026-11-12",
            Self::V15 => "2027-11-11",
            Self::V16 => "2028-11-09",
            Self::V17 => "2029-11-08",
            Self::V18 => "2030-11-14",
        }
    }
}

impl fmt::Display for Major {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::Major;

    #[test]
    fn every_major_reads_back_and_nothing_else_does() {
        for major in Major::ALL {
            assert_eq!(Major::parse(&major.to_string()), Some(major));
        }
        for text in ["13", "19", "17.4", " 17", "v17", "", "017"] {
            assert_eq!(Major::parse(text), None, "{text}");
        }
    }

    #[test]
    fn majors_are_in_order() {
        assert!(Major::ALL.is_sorted());
        assert!(Major::ALL.map(Major::end_of_life).is_sorted());
    }
}
