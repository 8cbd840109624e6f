//! Who holds which field of an object: the trees in its `metadata.managedFields`.

use serde_json::{Map, Value as Json};

/// The parts of a value that are in one of the trees; items of lists come with the keys that they are named by.
pub fn held(value: &Json, trees: &[&Json]) -> Json {
    let is_leaf = |tree: &&Json| tree.as_object().is_none_or(Map::is_empty);
    if trees.iter().any(is_leaf) {
        return value.clone();
    }
    match value {
        Json::Object(map) => {
            let inner = |(key, value): (&String, &Json)| {
                let step = format!("f:{key}");
                let below: Vec<&Json> = trees.iter().filter_map(|tree| tree.get(&step)).collect();
                (!below.is_empty()).then(|| (key.clone(), held(value, &below)))
            };
            map.iter().filter_map(inner).collect::<Map<_, _>>().into()
        }
        Json::Array(items) => {
            let inner = |(at, item): (usize, &Json)| {
                let steps = trees.iter().filter_map(|tree| tree.as_object()).flatten();
                let here: Vec<_> = steps.filter(|(step, _)| place(items, step) == Some(at)).collect();
                let (step, _) = here.first()?;
                let mut part = held(item, &here.iter().map(|(_, below)| *below).collect::<Vec<_>>());
                if let (Some(keys), Json::Object(part)) = (keys(step), &mut part) {
                    part.extend(keys);
                }
                Some(part)
            };
            items.iter().enumerate().filter_map(inner).collect()
        }
        plain => plain.clone(),
    }
}

/// Where the item of a list is that a step names by its keys (`k:`), by itself (`v:`), or by its number (`i:`).
pub fn place(items: &[Json], step: &str) -> Option<usize> {
    let (how, what) = step.split_once(':')?;
    match how {
        "k" => {
            let keys = keys(step)?;
            items.iter().position(|item| keys.iter().all(|(key, value)| item.get(key) == Some(value)))
        }
        "v" => {
            let wanted: Json = serde_json::from_str(what).ok()?;
            items.iter().position(|item| *item == wanted)
        }
        "i" => what.parse().ok().filter(|at| *at < items.len()),
        _ => None,
    }
}

fn keys(step: &str) -> Option<Map<String, Json>> {
    serde_json::from_str(step.strip_prefix("k:")?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::held;

    #[test]
    fn what_is_held_is_cut_out_with_the_names_of_items() {
        let value = json!({
            "labels": {"a": "1", "b": "2"},
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "finalizers": ["x/one", "x/two"],
            "command": ["a", "b"],
            "replicas": 1,
        });
        let one = json!({
            "f:labels": {".": {}, "f:a": {}},
            "f:env": {".": {}, "k:{\"name\":\"B\"}": {".": {}, "f:value": {}}},
            "f:finalizers": {"v:\"x/two\"": {}},
        });
        let other = json!({"f:command": {}, "f:env": {"k:{\"name\":\"A\"}": {"f:value": {}}}, "f:gone": {}});
        assert_eq!(
            held(&value, &[&one]),
            json!({"labels": {"a": "1"}, "env": [{"value": "2", "name": "B"}], "finalizers": ["x/two"]})
        );
        assert_eq!(
            held(&value, &[&one, &other]),
            json!({"labels": {"a": "1"}, "env": value["env"], "finalizers": ["x/two"], "command": ["a", "b"]})
        );
    }
}
