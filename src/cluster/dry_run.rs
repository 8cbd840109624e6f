//! What a server-side apply would make of an object: the API server's dry run, so nothing is changed, and what kubectl
//! does beside.

use kube::Error;
use kube::core::params::{Patch, PatchParams};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::Question;
use super::failure::told;
use super::fetch::{Asker, Place};
use super::handover::hand_over;

/// What an object would become.
#[derive(Debug, Clone)]
pub struct DryRun {
    /// The object as it would be; none where the API server refuses it.
    pub merged: Option<Json>,
    /// The API server's refusal.
    pub refused: Option<String>,
    /// Fields that somebody else holds with another value.
    pub conflicts: Vec<Conflict>,
}

/// A field that another field manager holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// As the API names it: `.spec.replicas`.
    pub field: String,
    /// The manager, as the API names it: `kubectl-edit`.
    pub owner: String,
}

impl Asker {
    pub(super) async fn dry_runs(&self, question: &Question, manager: &str) -> anyhow::Result<Vec<DryRun>> {
        let mut asked = JoinSet::new();
        for (at, (id, value)) in question.rendered.iter().enumerate() {
            let (asker, place, name) = (self.clone(), Place::of(id), id.name.clone());
            let (value, manager) = (value.clone(), manager.to_owned());
            asked.spawn(async move { (at, asker.dry_run(&place, &name, &value, &manager).await, place) });
        }
        let mut answers = asked.join_all().await;
        answers.sort_by_key(|(at, ..)| *at);
        let told = |(_, found, place): (usize, Result<DryRun, Error>, Place)| {
            found.map_err(|error| told(&self.context, &place.to("patch"), &error))
        };
        answers.into_iter().map(told).collect()
    }

    async fn dry_run(&self, place: &Place, name: &str, value: &Json, manager: &str) -> Result<DryRun, Error> {
        let mut conflicts = Vec::new();
        let mut found = self.apply(place, name, value, manager, false).await;
        if let Err(Error::Api(status)) = &found
            && status.code == 409
        {
            let causes = status.details.iter().flat_map(|details| &details.causes);
            conflicts = causes.filter_map(|cause| conflict(&cause.field, &cause.message)).collect();
            found = self.apply(place, name, value, manager, true).await;
        }
        match found {
            Ok(mut merged) => {
                hand_over(&mut merged);
                Ok(DryRun { merged: Some(merged), refused: None, conflicts })
            }
            // Invalid, forbidden by admission, or in a namespace that is not there yet.
            Err(Error::Api(status))
                if matches!(status.code, 400 | 404 | 422)
                    || (status.code == 403 && !is_of_rights(&status.message)) =>
            {
                Ok(DryRun { merged: None, refused: Some(status.message.clone()), conflicts })
            }
            Err(error) => Err(error),
        }
    }

    async fn apply(
        &self,
        place: &Place,
        name: &str,
        value: &Json,
        manager: &str,
        force: bool,
    ) -> Result<Json, Error> {
        let mut params = PatchParams::apply(manager).dry_run();
        params.force = force;
        let request =
            place.request().patch(name, &params, &Patch::Apply(value)).map_err(Error::BuildRequest)?;
        self.client.request(request).await
    }
}

/// Whether a refusal is one of the user's rights (`User "reader" cannot patch resource "services" in API group ""`), and
/// not one of an admission plugin.
fn is_of_rights(message: &str) -> bool {
    message.contains("\" cannot ") && message.contains(" resource \"")
}

/// Reads `conflict with "kubectl-edit" using apps/v1`.
fn conflict(field: &str, message: &str) -> Option<Conflict> {
    let owner = message.split('"').nth(1)?;
    Some(Conflict { field: field.to_owned(), owner: owner.to_owned() })
}
