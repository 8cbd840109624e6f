//! A value on one line, as a template's place takes it.

use std::fmt::Write as _;

use serde::Serialize;

/// A value as JSON, which is YAML but for characters that YAML 1.1 takes for line breaks or refuses: those are escaped.
pub fn to_flow(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    let refused = |c: char| {
        matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    // Nearly every text holds none of them.
    if text.bytes().all(|byte| byte < 0x7f) || !text.contains(refused) {
        return Ok(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if refused(c) {
            write!(out, "\\u{:04x}", u32::from(c)).expect("a String takes all that is written to it");
        } else {
            out.push(c);
        }
    }
    Ok(out)
}
