//! The schema that editors check values files by: it is one, and takes what a render takes.

use serde_json::Value;

use crate::examples::values_files;
use crate::support::{against_schema, pgpod};

#[test]
fn the_schema_of_the_values_takes_what_a_render_takes() {
    let schema: Value = serde_json::from_str(&pgpod(["schema"]).ok()).expect("the schema is JSON");
    let mut documents: Vec<(String, String)> = values_files()
        .into_iter()
        .map(|file| (file.display().to_string(), std::fs::read_to_string(&file).expect("it is readable")))
        .collect();
    documents.push(("the defaults".to_owned(), pgpod(["values", "--defaults"]).ok()));
    documents.push(("merged values".to_owned(), pgpod(["values"]).ok()));
    // What is a number, a boolean or nothing to an editor, and a text to the program.
    let texts = "{resourcePreset: null, postgresql: {version: 16, image: {tag: 17.1}, config: {work_mem: 4096, jit: off}, \
                 databases: [{name: a, extensions: [ltree]}]}, podLabels: {line: 4, shift: true, gone: null}}";
    documents.push(("numbers for texts".to_owned(), texts.to_owned()));
    let read = |text: &str| serde_yaml::from_str::<Value>(text).expect("it is YAML");
    let all: Vec<Value> = documents.iter().map(|(_, text)| read(text)).collect();
    let list = serde_json::json!({ "$schema": schema["$schema"], "type": "array", "items": schema });
    let Some(found) = against_schema(&list.to_string(), &Value::from(all).to_string()) else { return };
    let names: Vec<&str> = documents.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, Vec::<String>::new(), "{names:?}");

    let wrong =
        r#"[{"postgresql": {"version": 12}}, {"postgresql": {"databses": []}}, {"service": {"port": "x"}}]"#;
    let found = against_schema(&list.to_string(), wrong).expect("it was there before");
    assert_eq!(
        found,
        [
            "0/postgresql/version 12 is not one of ['14', '15', '16', '17', '18', 14, 15, 16, 17, 18, None]",
            "1/postgresql Additional properties are not allowed ('databses' was unexpected)",
            "2/service/port 'x' is not of type 'integer', 'null'",
        ]
    );
}
