//! What is there of a release: its objects by label, and those that were rendered by name.

use kube::core::params::{GetParams, ListParams};
use kube::core::{DynamicObject, GroupVersionKind, Request, Resource};
use kube::discovery::ApiResource;
use kube::{Client, Error};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::failure::told;
use super::kubeconfig::Called;
use super::{Answer, Question};
use crate::manifest::{Kind, ObjectId};

/// The kinds that a release may have objects of, so that those which are no longer rendered are found.
/// Secrets are not among them: a release's passwords are made beside the render, and stay.
const KINDS: [(&str, &str); 16] = [
    ("v1", "ServiceAccount"),
    ("v1", "ConfigMap"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "CronJob"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("networking.k8s.io/v1", "Ingress"),
    ("policy/v1", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("monitoring.coreos.com/v1", "PodMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("cert-manager.io/v1", "Certificate"),
];

/// A client, and how its cluster is called.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) client: Client,
    pub(super) context: Called,
}

/// A kind where the API has it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) api_version: String,
    pub(super) kind: String,
    /// None for the cluster's own objects.
    namespace: Option<String>,
}

impl Place {
    pub(super) fn of(id: &ObjectId) -> Self {
        let namespaced = Kind::of(id).is_none_or(|kind| kind.namespaced);
        let namespace = id.namespace.clone().filter(|_| namespaced);
        Self { api_version: id.api_version.clone(), kind: id.kind.clone(), namespace }
    }

    fn resource(&self) -> ApiResource {
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", &self.api_version));
        ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, &self.kind))
    }

    pub(super) fn request(&self) -> Request {
        Request::new(DynamicObject::url_path(&self.resource(), self.namespace.as_deref()))
    }

    /// `list deployments.apps in namespace plant7`, for errors.
    pub(super) fn to(&self, verb: &str) -> String {
        let resource = self.resource();
        let group = if resource.group.is_empty() { String::new() } else { format!(".{}", resource.group) };
        let place = self.namespace.as_ref().map(|name| format!(" in namespace `{name}`")).unwrap_or_default();
        format!("{verb} {}{group}{place}", resource.plural)
    }
}

impl Asker {
    pub(super) async fn live(&self, question: &Question) -> anyhow::Result<Answer> {
        let mut answer = Answer::default();
        answer.live = self.lists(question, &mut answer.notes).await?;
        let rest = self.rest(question, &answer.live).await?;
        answer.live.extend(rest);
        answer.secrets = self.secrets(question).await;
        Ok(answer)
    }

    /// Objects with the release's labels, by kind. A list that is not allowed is no error: what was rendered is asked
    /// for by name.
    async fn lists(&self, question: &Question, notes: &mut Vec<String>) -> anyhow::Result<Vec<Json>> {
        let mut asked = JoinSet::new();
        for (at, place) in listed(question).into_iter().enumerate() {
            let (asker, release) = (self.clone(), question.release.clone());
            asked.spawn(async move { (at, asker.list(&place, &release).await, place) });
        }
        let mut answers = asked.join_all().await;
        answers.sort_by_key(|(at, ..)| *at);
        let mut objects = Vec::new();
        for (_, found, place) in answers {
            match found {
                Ok(found) => objects.extend(found),
                Err(Error::Api(status)) if status.code == 404 => {}
                Err(Error::Api(status)) if status.code == 403 => {
                    notes.push(format!(
                        "it is not allowed to {}: those that are no longer rendered are not found",
                        place.to("list")
                    ));
                }
                Err(error) => return Err(told(&self.context, &place.to("list"), &error)),
            }
        }
        Ok(objects)
    }

    async fn list(&self, place: &Place, release: &str) -> Result<Vec<Json>, Error> {
        let labels = format!("app.kubernetes.io/instance={release},app.kubernetes.io/managed-by=pgpod");
        let request =
            place.request().list(&ListParams::default().labels(&labels)).map_err(Error::BuildRequest)?;
        let mut list: Json = self.client.request(request).await?;
        let Some(Json::Array(items)) = list.get_mut("items").map(Json::take) else { return Ok(Vec::new()) };
        let whole = |mut item: Json| {
            // The items of a list don't say what they are.
            item["apiVersion"] = place.api_version.as_str().into();
            item["kind"] = place.kind.as_str().into();
            item
        };
        // What a controller made of another object is that object's matter.
        let own = |item: &Json| item.pointer("/metadata/ownerReferences").is_none();
        Ok(items.into_iter().filter(own).map(whole).collect())
    }

    /// What was rendered and was not in any list: objects without the labels, or of kinds that can't be listed.
    async fn rest(&self, question: &Question, found: &[Json]) -> anyhow::Result<Vec<Json>> {
        let mut asked = JoinSet::new();
        let missing = |id: &ObjectId| {
            let namespace = Place::of(id).namespace;
            !found.iter().any(|object| {
                let says = |pointer: &str, text: Option<&str>| {
                    object.pointer(pointer).and_then(Json::as_str) == text
                };
                says("/kind", Some(&id.kind))
                    && says("/apiVersion", Some(&id.api_version))
                    && says("/metadata/namespace", namespace.as_deref())
                    && says("/metadata/name", Some(&id.name))
            })
        };
        for (at, (id, _)) in question.rendered.iter().enumerate().filter(|(_, (id, _))| missing(id)) {
            let (asker, id) = (self.clone(), id.clone());
            asked.spawn(async move {
                let place = Place::of(&id);
                (at, asker.get(&place, &id.name).await, place)
            });
        }
        let mut answers = asked.join_all().await;
        answers.sort_by_key(|(at, ..)| *at);
        let mut objects = Vec::new();
        for (_, found, place) in answers {
            match found {
                Ok(found) => objects.push(found),
                Err(Error::Api(status)) if status.code == 404 => {}
                Err(error) => return Err(told(&self.context, &place.to("get"), &error)),
            }
        }
        Ok(objects)
    }

    async fn get(&self, place: &Place, name: &str) -> Result<Json, Error> {
        let request = place.request().get(name, &GetParams::default()).map_err(Error::BuildRequest)?;
        self.client.request(request).await
    }

    /// Secrets that may be read; the others stay unknown, so their texts can't be hidden, and are nowhere to be known.
    async fn secrets(&self, question: &Question) -> Vec<Json> {
        let mut asked = JoinSet::new();
        for (namespace, name) in question.secrets.clone() {
            let asker = self.clone();
            let (api_version, kind) = ("v1".to_owned(), "Secret".to_owned());
            let place = Place { api_version, kind, namespace: Some(namespace) };
            asked.spawn(async move { asker.get(&place, &name).await.ok() });
        }
        asked.join_all().await.into_iter().flatten().collect()
    }
}

/// The kinds to list.
fn listed(question: &Question) -> Vec<Place> {
    let place = |(api_version, kind): &(&str, &str)| Place {
        api_version: (*api_version).to_owned(),
        kind: (*kind).to_owned(),
        namespace: Some(question.namespace.clone()),
    };
    KINDS.iter().map(place).collect()
}
