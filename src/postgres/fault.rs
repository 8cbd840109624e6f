/// Why PostgreSQL, or `pgpod` on its behalf, would refuse something; the caller knows where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in one line without a trailing period.
    pub title: String,
    /// Why it is wrong.
    pub cause: String,
    /// What to write instead.
    pub help: String,
}

impl Fault {
    pub(crate) fn new(title: impl Into<String>, cause: impl Into<String>, help: impl Into<String>) -> Self {
        Self { title: title.into(), cause: cause.into(), help: help.into() }
    }
}
