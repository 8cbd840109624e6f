//! What a regular expression is made of.

/// What stands next. A character is its number, since an escape can stand for one that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Nothing was read yet.
    Begin,
    End,
    Plain(u32),
    /// `\d` and its like.
    Class,
    /// `$`, `\m`: what has a place and no length.
    Constraint,
    /// `^`, which is one too.
    Start,
    Alternative,
    Open {
        captures: bool,
    },
    /// `(?=` and its like.
    Look,
    Close,
    /// `*`, `+`, `?`.
    Repeat,
    Bound,
    Digit(u32),
    Comma,
    BoundEnd,
    Bracket,
    Range,
    /// `[.`, `[=`, `[:`.
    Named(char),
    /// `.]`, `=]`, `:]`.
    NamedEnd,
    BracketEnd,
    Reference(u32),
}

/// The four kinds of expressions; the two in the middle are POSIX's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavor {
    /// Every character stands for itself.
    Quote,
    Basic,
    Extended,
    Advanced,
}

pub(super) fn plain(sign: char) -> Token {
    Token::Plain(u32::from(sign))
}
