//! What `pgpod diff` finds, and says of it: single changes, offline and on a real API server.

mod by_kubectl;
mod changes;
mod consequences;
mod credentials;
mod kubeconfig;
mod live;
mod others;
mod secrets;

use serde_json::{Value as Json, json};

use crate::support::{Ran, against_schema, pgpod};

/// Checks results in JSON by the schema that is published.
fn fit_the_schema(results: &[String]) {
    let mut schema: Json = serde_json::from_str(&pgpod(["schema", "diff"]).ok()).expect("it is JSON");
    let definitions = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
    let all = json!({"$schema": schema["$schema"], "$defs": definitions, "type": "array", "items": schema});
    let Some(problems) = against_schema(&all.to_string(), &format!("[{}]", results.join(","))) else {
        return;
    };
    assert_eq!(problems, [""; 0]);
}

/// Each change of a diff in JSON as a line: consequence, object, sign, path, values.
fn lines(ran: &Ran) -> Vec<String> {
    let diff: Json =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{}{}", ran.stdout, ran.stderr));
    lines_of(&diff)
}

fn lines_of(diff: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    for object in diff["objects"].as_array().expect("a diff has objects") {
        let name = format!("{}/{}", text(&object["kind"]), text(&object["name"]));
        for effect in object["effects"].as_array().expect("an object has effects") {
            lines.push(format!("{} {name} {}", text(&effect["consequence"]), text(&object["change"])));
        }
        for change in object["changes"].as_array().expect("an object has changes") {
            let consequence = text(&change["effects"][0]["consequence"]);
            lines.push(format!("{consequence} {name} {}: {}", text(&change["path"]), values(change)));
        }
    }
    lines
}

fn values(change: &Json) -> String {
    let [before, after] = [text(&change["before"]), text(&change["after"])];
    if before.contains('\n') || after.contains('\n') {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (lines(&before), lines(&after));
        let only =
            |mine: &[String], other: &[String]| mine.iter().filter(|line| !other.contains(line)).count();
        return format!("-{} +{} lines", only(&before, &after), only(&after, &before));
    }
    // It follows the scripts too, which are none of these tests' matter.
    if text(&change["path"]).ends_with("[pgpod/restart-checksum]") {
        return "another".to_owned();
    }
    // An API server puts keys into an order of its own.
    let brief = |text: String| if text.starts_with('{') { "a map".to_owned() } else { text };
    format!("{} -> {}", brief(before), brief(after))
}

/// A text as it is, anything else as JSON.
fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
