//! What an apply by the server leaves: fields that are in no render, and that somebody else holds.

use serde_json::Value as Json;

use super::effects::{Consequence, Effect, Facts};
use super::{Body, Change, Diff, Secrets, What, both, same_object};
use crate::manifest::{Object, held};

/// Who kubectl says that it is when it applies from the client's side; what it holds is handed over.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

impl Diff {
    /// Takes in what a hand has added to live objects: the dry run of an apply has it on both sides.
    pub(super) fn leave(&mut self, live: &[Object], rendered: &[Object], secrets: &mut Secrets, show: bool) {
        let facts = Facts::read(live, rendered);
        for object in rendered {
            let Some(live) = live.iter().find(|other| same_object(&other.id, &object.id)) else { continue };
            let Some(at) = self.objects.iter().position(|other| same_object(&other.id, &object.id)) else {
                continue;
            };
            let owners = owners(&live.value, secrets, show);
            let found = both(live, secrets.hidden(&object.value, show), &facts, secrets, show).changes;
            let shown = &mut self.objects[at];
            let stays = |change: &Change| {
                let gone = matches!(&change.body, Body::Value { before: Some(_), after: None });
                gone && shown.new.as_ref().is_some_and(|merged| change.path.find(merged).is_some())
            };
            let mut left: Vec<Change> = Vec::new();
            for mut change in found.into_iter().filter(stays) {
                let Some((owner, _)) = owners.iter().find(|(_, held)| change.path.find(held).is_some())
                else {
                    continue;
                };
                let reason = format!("`{owner}` holds it, and an apply leaves it as it is");
                change.effects = vec![Effect { consequence: Consequence::Nothing, reason, recipe: None }];
                change.by_hand = true;
                left.push(change);
            }
            if !left.is_empty() && shown.what == What::Same {
                shown.what = What::Changed;
                self.same -= 1;
            }
            shown.changes.extend(left);
        }
    }
}

/// Who holds fields of a live object, and the object with these fields alone.
fn owners(live: &Json, secrets: &mut Secrets, show: bool) -> Vec<(String, Json)> {
    let entries = live.pointer("/metadata/managedFields").and_then(Json::as_array);
    let others = entries.into_iter().flatten().filter(|entry| {
        entry.get("subresource").is_none() && entry.get("manager").is_some_and(|name| name != CLIENT_SIDE)
    });
    let held = others.filter_map(|entry| {
        let mut held = held(live, &[entry.get("fieldsV1")?]);
        // What is secret in it depends on its kind.
        held["kind"] = live.get("kind").cloned().unwrap_or_default();
        Some((entry.get("manager")?.as_str()?.to_owned(), held))
    });
    held.map(|(name, held)| (secrets.hide(&name), secrets.hidden(&held, show))).collect()
}
