/// What is wrong, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// The major has no such parameter.
    UnknownParameter,
    /// `pgpod` or the build of the server decides the parameter.
    OwnedParameter,
    /// The parameter cannot have the value.
    Value,
    /// Parameters are right each, and not together.
    Together,
    /// Another parameter keeps the value from having an effect.
    Limited,
    /// The server takes the value, and somebody will be sorry for it.
    Risk,
    /// The parameter's extension is not enabled.
    NoExtension,
    /// No image is known for what is asked for.
    NoImage,
    /// The image lacks what is asked for.
    ImageLacks,
}

/// Why PostgreSQL, or `pgpod` on its behalf, would refuse something; the caller knows where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub mistake: Mistake,
    /// What is wrong, in one line without a trailing period.
    pub title: String,
    /// Why it is wrong.
    pub cause: String,
    /// What to write instead.
    pub help: String,
}

impl Fault {
    pub(crate) fn new(
        mistake: Mistake,
        title: impl Into<String>,
        cause: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { mistake, title: title.into(), cause: cause.into(), help: help.into() }
    }
}
