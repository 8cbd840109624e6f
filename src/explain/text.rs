//! An explanation as a text.

use serde_json::Value as Json;

use super::spots::Spot;
use super::topic::{Below, Explained, Origin};
use super::tuning::SetBy;

/// Lines of one file, or values of one object, that a text shows; JSON has all of them.
const MOST: usize = 20;
/// Characters of a line that a text shows.
const WIDEST: usize = 100;

impl Explained {
    /// The explanation for a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n  {}\n", self.key, self.description);
        if let Some(manual) = self.parameter.as_ref().and_then(|parameter| parameter.manual.as_ref()) {
            text.push_str(&format!("  {manual}\n"));
        }
        text.push('\n');
        for (name, value) in self.rows() {
            text.push_str(&format!("  {name:<13} {value}\n"));
        }
        if !self.keys.is_empty() {
            let width = self.keys.iter().map(|below| below.key.len()).max().unwrap_or_default();
            text.push('\n');
            for Below { key, description } in &self.keys {
                text.push_str(&format!("  {key:<width$}  {description}\n"));
            }
        }
        text.push_str(&self.places_text());
        text
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = vec![("type", self.kind.clone())];
        if let Some(parameter) = &self.parameter {
            rows.push(("PostgreSQL", format!("{}, {}", parameter.version, parameter.category)));
        }
        rows.extend(self.range.clone().map(|range| ("range", range)));
        if self.keys.is_empty() {
            rows.push(("default", self.default.as_ref().map_or_else(|| "none".to_owned(), short)));
            let at_run = self.winner.as_ref().is_some_and(|winner| winner.set_by == SetBy::Pgpod);
            let none = if at_run { "decided while the server runs" } else { "not set" };
            let value = self.value.as_ref().map_or_else(|| none.to_owned(), short);
            let winner = self.winner.as_ref().map(by).filter(|_| self.value.is_some() || at_run);
            rows.push(("value", winner.map_or(value.clone(), |winner| format!("{value}  ({winner})"))));
        }
        for origin in &self.overrode {
            let text = origin.text.clone().unwrap_or_default();
            rows.push(("over", format!("{text}  ({})", by(origin))));
        }
        if let Some(parameter) = &self.parameter {
            rows.extend(parameter.formula.clone().map(|formula| ("formula", formula)));
            rows.extend(parameter.reason.clone().map(|reason| ("reason", reason)));
            rows.extend(parameter.owned.clone().map(|owned| ("not yours", owned)));
            rows.push(("takes effect", parameter.takes_effect.clone()));
        }
        rows
    }

    fn places_text(&self) -> String {
        let places = &self.places;
        let mut text = String::new();
        if let Some(none) = &places.none {
            text.push_str(&format!("\n  ends up       {none}\n"));
            return text;
        }
        if places.spots.is_empty() {
            return text;
        }
        let tried: Vec<String> = places.tried.iter().map(|tried| format!("`{}`", short(tried))).collect();
        match tried.as_slice() {
            [] => text.push_str("\n  ends up in\n"),
            tried => {
                text.push_str(&format!("\n  ends up in (renders with {} differ there)\n", tried.join(", ")));
            }
        }
        let mut rest = places.spots.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|spot| spot.file == first.file).count();
            let (group, after) = rest.split_at(count);
            text.push_str(&format!("    {}\n", first.file));
            let width = group.iter().take(MOST).map(|spot| spot.at.len()).max().unwrap_or_default().min(4);
            text.push_str(&group.iter().take(MOST).map(|spot| line(spot, width)).collect::<String>());
            if count > MOST {
                text.push_str(&format!("      … and {} more\n", count - MOST));
            }
            rest = after;
        }
        text
    }
}

fn line(spot: &Spot, width: usize) -> String {
    let mark = if spot.only_then { "+ " } else { "" };
    let line = format!("{:>width$}: {mark}{}", spot.at, spot.text);
    let short: String = line.chars().take(WIDEST).collect();
    let dots = if short.len() < line.len() { "…" } else { "" };
    format!("      {}{dots}\n", short.trim_end())
}

fn by(origin: &Origin) -> String {
    match (origin.set_by, &origin.place, &origin.layer) {
        (SetBy::Derived, ..) => "derived".to_owned(),
        (SetBy::Pgpod, ..) => "set by pgpod".to_owned(),
        (SetBy::Default, None, _) => "the server's own default".to_owned(),
        (_, Some(place), _) => place.clone(),
        (_, None, layer) => layer.clone().unwrap_or_default(),
    }
}

/// A value on one line.
fn short(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    let short: String = line.chars().take(WIDEST).collect();
    match () {
        () if line.is_empty() => "''".to_owned(),
        () if short.len() < line.len() => format!("{short}…"),
        () => short,
    }
}
