//! Findings as text, in the shape that rustc made familiar.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::excerpt::excerpt;
use super::redact;
use super::secret_texts::SecretTexts;
use super::source::{Place, SourceId, Sources};
use super::{Diagnostic, Diagnostics, Severity};

/// Wider than any shown line, so that the only cutting is our own.
const WIDTH: usize = 4096;

/// So many findings are shown; somebody who made more of them made one mistake, many times.
const SHOWN: usize = 100;

/// Stands for a place's name while the renderer works: it would count columns in the excerpt, not in the source.
const PLACE_MARK: char = '\u{e000}';

/// The findings, sorted by place, and a line that counts them. Empty when there are none.
pub fn report(found: &Diagnostics, sources: &Sources, styled: bool) -> String {
    let Some(summary) = summary(found) else { return String::new() };
    let mut text = excerpts(found, sources, styled);
    let rest =
        if found.distinct() > SHOWN { format!("; the first {SHOWN} are shown") } else { String::new() };
    let level = if found.has_errors() { Level::ERROR } else { Level::WARNING };
    text.push_str(
        &renderer(styled).render(&[Group::with_title(level.primary_title(format!("{summary}{rest}")))]),
    );
    text.push('\n');
    text
}

/// The findings alone, sorted by place, each followed by an empty line.
pub fn excerpts(found: &Diagnostics, sources: &Sources, styled: bool) -> String {
    excerpts_with(found, sources, styled, &|_| None).concat()
}

/// The same one by one, each with a note more where there is one.
pub fn excerpts_with(
    found: &Diagnostics,
    sources: &Sources,
    styled: bool,
    note: &dyn Fn(&Diagnostic) -> Option<String>,
) -> Vec<String> {
    let renderer = renderer(styled);
    let shown = shown(found, sources);
    let render = |diagnostic: &Diagnostic| {
        let (mut group, places) = group(diagnostic, sources);
        let note = note(diagnostic);
        if let Some(note) = &note {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        name_places(&renderer.render(&[group]), &places) + "\n\n"
    };
    shown.iter().take(SHOWN).map(render).collect()
}

fn renderer(styled: bool) -> Renderer {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH)
}

/// The findings by place, each once, without the text of a secret.
pub(super) fn shown(found: &Diagnostics, sources: &Sources) -> Vec<Diagnostic> {
    found.clone().into_sorted().into_iter().map(|found| starred(found, sources)).collect()
}

/// How many errors and warnings there are, as `3 errors, 1 warning`; nothing when there are none.
pub fn summary(found: &Diagnostics) -> Option<String> {
    let mut sorted = Diagnostics::new();
    sorted.extend(found.clone().into_sorted());
    counted(sorted.count(Severity::Error), sorted.count(Severity::Warning))
}

/// Counts in words: `3 errors, 1 warning`.
pub fn counted(errors: usize, warnings: usize) -> Option<String> {
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The finding without the text of a secret.
fn starred(mut diagnostic: Diagnostic, sources: &Sources) -> Diagnostic {
    let mut hidden = SecretTexts::default();
    // What is like a key that there is, is one.
    let is_key = diagnostic.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
    let labels = diagnostic.labels.iter().filter(|_| !is_key);
    let at = labels.flat_map(|(place, _)| redact::hidden_at(sources, *place));
    let at: Vec<String> = at.inspect(|text| hidden.add(text)).collect();
    let texts = [Some(&mut diagnostic.title), diagnostic.cause.as_mut(), diagnostic.help.as_mut()];
    let labels = diagnostic.labels.iter_mut().map(|(_, label)| label);
    for text in texts.into_iter().flatten().chain(labels) {
        *text = hidden.star(&redact::starred(text, sources));
        for short in &at {
            *text = text.replace(&format!("`{short}`"), &format!("`{}`", redact::STARS));
        }
    }
    diagnostic
}

/// The report of one finding, and the names of its places in the order in which they are marked in it.
fn group<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> (Group<'a>, Vec<String>) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(
        level.primary_title(diagnostic.title.replace(PLACE_MARK, "\u{fffd}")).id(diagnostic.code.id()),
    );
    let mut names = Vec::new();
    for (id, labels) in by_source(&diagnostic.labels) {
        let places: Vec<Place> = labels.iter().map(|(_, (place, _))| *place).collect();
        let excerpt = excerpt(sources, id, &places);
        let annotations = labels.iter().zip(excerpt.spans).map(|((index, (_, label)), span)| {
            let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(span);
            if label.is_empty() { annotation } else { annotation.label(label.as_str()) }
        });
        names.push(sources.describe(places[0]));
        // The mark's length keeps paths apart: equal ones would be taken for one file.
        let mark = PLACE_MARK.to_string().repeat(names.len());
        group = group.element(
            Snippet::source(excerpt.text)
                .path(mark)
                .line_start(excerpt.first_line)
                .annotations(annotations.collect::<Vec<_>>()),
        );
    }
    let notes = [(Level::NOTE, &diagnostic.cause), (Level::HELP, &diagnostic.help)];
    for (level, text) in notes {
        if let Some(text) = text {
            group = group.element(level.message(text.as_str()));
        }
    }
    (group, names)
}

/// Puts the names of places where the renderer wrote a mark with its own `:line:column`.
fn name_places(text: &str, names: &[String]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    for name in names {
        let Some(at) = rest.find(PLACE_MARK) else { break };
        result.push_str(&rest[..at]);
        result.push_str(name);
        rest = rest[at..].trim_start_matches(|c: char| c == PLACE_MARK || c == ':' || c.is_ascii_digit());
    }
    result + rest
}

type Label = (Place, String);

/// Labels by source, sources in order of their first label; each label keeps its number, since the first is primary.
fn by_source(labels: &[Label]) -> Vec<(SourceId, Vec<(usize, &Label)>)> {
    let mut groups: Vec<(SourceId, Vec<(usize, &Label)>)> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        match groups.iter_mut().find(|(id, _)| *id == label.0.source) {
            Some((_, group)) => group.push((index, label)),
            None => groups.push((label.0.source, vec![(index, label)])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::{SourceKind, codes};
    use super::*;

    fn place(sources: &Sources, id: SourceId, needle: &str) -> Place {
        let start = sources.get(id).text.find(needle).expect("the text holds the needle");
        Place::new(id, start, start + needle.len())
    }

    fn one(sources: &Sources, diagnostic: Diagnostic) -> String {
        let mut found = Diagnostics::new();
        found.push(diagnostic);
        report(&found, sources, false)
    }

    #[test]
    fn a_finding_shows_where_why_and_what_to_do() {
        let mut sources = Sources::new();
        let preset = sources.add("preset `small`", SourceKind::Preset, "a: 1\nmax_wal_senders: 10\n");
        let file = sources.add(
            "prod.yaml",
            SourceKind::File,
            "ha:\r\n  replicas: 3\r\n\r\npg:\r\n  max_wal_senders: 2\r\n",
        );
        let text = one(
            &sources,
            Diagnostic::error(codes::BAD_VALUE, "`max_wal_senders` is 2, but 3 replicas need at least 4")
                .at(place(&sources, file, "2"), "set here")
                .at(place(&sources, file, "3"), "replicas")
                .at(place(&sources, preset, "10"), "over this")
                .cause("one sender for each standby, and one to spare")
                .help("remove it, or lower `replicas`"),
        );
        let expected = "\
error[PG0134]: `max_wal_senders` is 2, but 3 replicas need at least 4
 --> prod.yaml:5:20
  |
2 |   replicas: 3
  |             - replicas
...
5 |   max_wal_senders: 2
  |                    ^ set here
  |
 ::: preset `small`:2:18
  |
2 | max_wal_senders: 10
  |                  -- over this
  |
  = note: one sender for each standby, and one to spare
  = help: remove it, or lower `replicas`

error: 1 error
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_secret_is_starred_with_its_length() {
        let mut sources = Sources::new();
        let id = sources.add("--set", SourceKind::Flag, "a=x,pin=12345,b=y");
        let pin = place(&sources, id, "12345");
        sources.hide(pin);
        let text = one(
            &sources,
            Diagnostic::error(codes::BAD_VALUE, "`b` is wrong")
                .at(place(&sources, id, "y"), "here")
                .at(pin, ""),
        );
        let expected = "\
error[PG0134]: `b` is wrong
 --> --set, column 17
  |
1 | a=x,pin=********,b=y
  |         --------   ^ here

error: 1 error
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_secret_is_starred_wherever_its_text_stands() {
        let mut sources = Sources::new();
        let id = sources.add("x.yaml", SourceKind::File, "label: a hunter22\n");
        sources.hide_text("hunter22");
        let found = Diagnostic::error(codes::BAD_VALUE, "`label` is `hunter22`")
            .at(place(&sources, id, "label"), "not hunter22")
            .cause("hunter22 is no label")
            .help("remove hunter22");
        let expected = "\
error[PG0134]: `label` is `********`
 --> x.yaml:1:1
  |
1 | label: a ********
  | ^^^^^ not ********
  |
  = note: ******** is no label
  = help: remove ********

error: 1 error
";
        assert_eq!(one(&sources, found), expected);
    }

    /// What a report shows of the line with `needle`.
    fn shown(text: &str, kind: SourceKind, needle: &str) -> String {
        let mut sources = Sources::new();
        let id = sources.add("x", kind, text);
        let report =
            one(&sources, Diagnostic::error(codes::BAD_VALUE, "x").at(place(&sources, id, needle), ""));
        let line = report.lines().find(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        line.and_then(|line| line.split_once("| ")).map(|(_, shown)| shown.to_owned()).unwrap_or_default()
    }

    #[test]
    fn keys_that_sound_secret_are_starred_unasked() {
        let file = |text, needle| shown(text, SourceKind::File, needle);
        assert_eq!(file("a:\n  Password: hunter2\n", "hunter2"), "  Password: ********");
        assert_eq!(file("a: {x: 1, app_passwd: hunter2, y: 2}\n", "x"), "a: {x: 1, app_passwd: ********");
        assert_eq!(file("privateKey: |\n  hunter2\n", "hunter2"), "  ********");
        assert_eq!(file("passwords:\n- hunter2\n", "hunter2"), "********");
        assert_eq!(file("password: >-\n  a\n\n  hunter2\n", "hunter2"), "  ********");
        assert_eq!(file("secret:\n  name: fine\n", "fine"), "  name: fine");
        assert_eq!(file("kind: Secret\nname: fine\n", "fine"), "name: fine");
        assert_eq!(file("existingSecret: Prod_auth\n", "Prod"), "existingSecret: Prod_auth");
        assert_eq!(file("password_encryption: md6\n", "md6"), "password_encryption: md6");
        let env = "env: [{name: X_PASSWORD, value: hunter2}]\n";
        assert_eq!(file(env, "env"), "env: [{name: X_PASSWORD, value: ********");
        assert_eq!(
            file("x: {kind: Secret, stringData: {pin: 123}}\n", "x"),
            "x: {kind: Secret, stringData: ********"
        );
        let flag = |text, needle| shown(text, SourceKind::Flag, needle);
        assert_eq!(flag("env[name=X_PASSWORD].value=hunter2", "env"), "env[name=X_PASSWORD].value=********");
        assert_eq!(flag("auth.passwords[0].app=hunter2", "auth"), "auth.passwords[0].app=********");
        assert_eq!(flag("a=1,auth.appPassword=hun,ter2", "ter2"), "a=1,auth.appPassword=********");
        assert_eq!(flag(r#"{"a": 1, "token": "hunter2"}"#, "a"), r#"{"a": 1, "token": ********"#);
    }

    #[test]
    fn a_value_that_sounds_secret_hides_nothing_behind_it() {
        let same = |kind, text: &str| assert_eq!(shown(text, kind, text), text);
        same(SourceKind::File, "a: {kind: Secret, metadata: {name: x}}");
        same(SourceKind::Template, r#"[{"mountPath":"/secret","subPath":"x"}]"#);
        same(SourceKind::Template, r#"{"items":["token"],"name":"x"}"#);
        same(SourceKind::Flag, "a=secret,b=c");
    }

    #[test]
    fn a_long_line_is_cut_to_a_window_around_the_place() {
        let mut sources = Sources::new();
        let text = format!("a: {}{}needle{}\n", "ä".repeat(5000), "-".repeat(10), "z".repeat(5000));
        let id = sources.add("x.yaml", SourceKind::File, text);
        let text = one(
            &sources,
            Diagnostic::error(codes::BAD_VALUE, "long").at(place(&sources, id, "needle"), "here"),
        );
        let expected = format!(
            "error[PG0134]: long\n --> x.yaml:1:5014\n  |\n1 | …{}----------needle{}…\n  | {} ^^^^^^ here\n\nerror: 1 error\n",
            "ä".repeat(30),
            "z".repeat(74),
            " ".repeat(40),
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn control_characters_are_made_visible() {
        assert_eq!(shown("a: \u{1b}[31mred\u{0}\u{202e}\n", SourceKind::File, "red"), "a: ␛[31mred␀�");
    }

    #[test]
    fn a_flood_is_counted_and_its_start_is_shown() {
        let mut sources = Sources::new();
        let id = sources.add("x.yaml", SourceKind::File, "a\n".repeat(150));
        let mut found = Diagnostics::new();
        found.extend((0..150).rev().map(|at| {
            Diagnostic::warning(codes::BAD_VALUE, "odd").at(Place::new(id, at * 2, at * 2 + 1), "")
        }));
        let text = report(&found, &sources, false);
        assert_eq!(text.matches("warning[PG0134]: odd").count(), 100);
        assert!(text.contains("x.yaml:100:1") && !text.contains("x.yaml:101:1"));
        assert!(text.ends_with("warning: 150 warnings; the first 100 are shown\n"));
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(report(&Diagnostics::new(), &Sources::new(), false), "");
    }
}
