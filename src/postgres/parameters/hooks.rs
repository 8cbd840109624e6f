use super::Major;
use super::value::Value;

/// Why the server would refuse a value that the table allows.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) cause: String,
    pub(crate) help: String,
}

/// What the table can't say about a value; an `Ok` text is what the server must have for it.
pub(crate) fn judge(
    _major: Major,
    _name: &str,
    _value: &Value,
    _token: &str,
) -> Result<Option<String>, Refusal> {
    Ok(None)
}
