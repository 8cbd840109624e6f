//! What to know about a release, computed from its plan: how to connect, where the passwords are, what to do next.
//! Every command in it has the release's real names.
//!
//! To add a subject: a function in `subjects.rs` that gives a [`Section`], and a row in its table.

mod servers;
mod shell;
mod subject;
mod subjects;

use serde::Serialize;

use crate::plan::Plan;

pub(crate) use shell::word;

/// The widest line of a text that is not a command.
const WIDTH: usize = 100;

/// What to know about a release.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notes {
    pub release: String,
    pub namespace: String,
    /// The name by which pods of the cluster reach the server.
    pub host: String,
    pub port: u16,
    pub databases: Vec<String>,
    pub users: Vec<User>,
    /// The Secret with the passwords.
    pub secret: String,
    /// The claims that hold the data.
    pub claims: Vec<String>,
    pub sections: Vec<Section>,
}

/// A role that a client logs in as.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub name: String,
    /// What it is for, in one clause.
    pub purpose: &'static str,
    /// The key of its password in the Secret.
    pub password_key: String,
}

/// A subject.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

/// A part of a section.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    Text(String),
    /// A line for a shell.
    Command(String),
}

/// The notes of a plan. `flags` are those of the render that decide the values, as a shell takes them (`-f prod.yaml`).
pub fn notes(plan: &Plan, flags: &str) -> Notes {
    subjects::notes(plan, flags)
}

impl Notes {
    /// The notes for a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("PostgreSQL `{}` in namespace `{}`\n", self.release, self.namespace);
        for section in &self.sections {
            text.push_str(&format!("\n{}\n", section.title));
            for line in &section.lines {
                match line {
                    Line::Text(words) => wrap(words, &mut text),
                    Line::Command(command) => text.push_str(&format!("    {command}\n")),
                }
            }
        }
        text
    }
}

/// Breaks a text between words, so that its lines fit into [`WIDTH`].
fn wrap(words: &str, text: &mut String) {
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH - 2 {
            text.push_str(&format!("  {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    text.push_str(&format!("  {line}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_break_between_words_and_long_words_do_not_break() {
        let mut text = String::new();
        wrap(&format!("{} {} b", "a".repeat(97), "c".repeat(120)), &mut text);
        assert_eq!(text, format!("  {}\n  {}\n  b\n", "a".repeat(97), "c".repeat(120)));
    }
}
