//! The sections of the notes, in the order in which they are needed.

use crate::plan::{Plan, names};

use super::shell::jsonpath;
use super::subject::{Subject, say, section};
use super::{Line, Notes, Section, User, servers};

const SECTIONS: &[fn(&Subject<'_>) -> Section] = &[
    start,
    watch,
    inside,
    servers::reading,
    outside,
    passwords,
    change,
    servers::failover,
    servers::scaling,
    metrics,
    tls,
    storage,
    remove,
];

pub(super) fn notes(plan: &Plan, flags: &str) -> Notes {
    let subject = Subject::new(plan, flags);
    Notes {
        sections: SECTIONS
            .iter()
            .map(|section| section(&subject))
            .filter(|section| !section.lines.is_empty())
            .collect(),
        release: plan.release.name.clone(),
        namespace: plan.release.namespace.clone(),
        host: subject.host,
        port: subject.port,
        databases: subject.databases,
        users: subject.users,
        secret: subject.secret,
        claims: subject.claims,
    }
}

fn start(subject: &Subject<'_>) -> Section {
    let mut lines = Vec::new();
    if subject.namespace != "default" {
        lines.push(say("If the namespace is missing:"));
        lines.push(Line::Command(format!("kubectl create namespace {}", subject.namespace)));
    }
    if subject.makes_passwords() {
        lines.push(subject.pgpod("secret", " | kubectl create -f -"));
    } else if subject.plan.auth.is_none() {
        lines.push(say(format!(
            "The Secret `{}` has to be there: it is made elsewhere, and the pod waits for it.",
            subject.secret
        )));
    }
    if let Some(secret) = &subject.tls {
        if *secret == names::tls(subject.release) {
            lines.push(subject.pgpod("secret tls", " | kubectl create -f -"));
        } else {
            lines.push(say(format!("The Secret `{secret}` with the certificate has to be there.")));
        }
    }
    lines.push(subject.render(" | kubectl apply -f -"));
    if subject.plan.high_availability.is_some() {
        lines.push(say("If it was a single server before, that one has to go; its data stays, and `demo-0` takes it over:".replace("demo", subject.release)));
        lines.push(subject.kubectl(&format!("delete deployment {} --ignore-not-found", subject.release)));
    }
    if subject.flags.ends_with('…') {
        lines.push(say("`--set …` stands for the flags of your own: they are not repeated here, since they may be secret."));
    }
    section("Start it", lines)
}

fn watch(subject: &Subject<'_>) -> Section {
    let (workload, primary) = (&subject.workload, &subject.primary);
    let lines = vec![
        subject.kubectl(&format!("rollout status {workload}")),
        subject.kubectl(&format!("logs {primary} -c postgres --follow")),
        subject.kubectl(&format!("logs {primary} -c keeper --follow")),
        say("`postgres` is the server; `keeper` makes roles, databases and scripts, and says what it lacks."),
    ];
    section("Watch it start", lines)
}

fn inside(subject: &Subject<'_>) -> Section {
    let mut lines = vec![subject.psql(&subject.host)];
    lines.extend(subject.users.iter().map(|user| say(format!("User `{}`: {}.", user.name, user.purpose))));
    let databases: Vec<String> = subject.databases.iter().map(|name| format!("`{name}`")).collect();
    lines.push(say(format!("Databases: {}.", databases.join(", "))));
    section("Connect from a pod of the cluster", lines)
}

fn outside(subject: &Subject<'_>) -> Section {
    let port = subject.port;
    let mut lines = Vec::new();
    if subject.plan.services.primary.kind != "ClusterIP" {
        lines.push(say(format!(
            "The Service is a {}: this prints its addresses and ports.",
            subject.plan.services.primary.kind
        )));
        lines.push(subject.kubectl(&format!("get service {} --output wide", subject.release)));
    }
    lines.extend([
        subject.kubectl(&format!("port-forward service/{} {port}:{port}", subject.release)),
        subject.psql("127.0.0.1"),
        say("As the superuser, in the pod and without a password:"),
        subject.kubectl(&format!("exec -it {} -c postgres -- psql -U postgres", subject.primary)),
    ]);
    section("Connect from a workstation", lines)
}

fn passwords(subject: &Subject<'_>) -> Section {
    let secret = &subject.secret;
    let read = |user: &User| {
        let key = jsonpath(&user.password_key);
        subject.kubectl(&format!("get secret {secret} -o jsonpath='{{.data.{key}}}' | base64 -d"))
    };
    let mut lines = vec![say(format!("They are in the Secret `{secret}`; of `{}`:", subject.users[0].name))];
    lines.extend(subject.users.first().map(read));
    if subject.makes_passwords() {
        lines.push(say("A new one, taken over without a restart within about a minute and a half:"));
        lines.push(subject.pgpod(
            "secret",
            &format!(
                " --rotate app | kubectl -n {} patch secret {secret} --type merge --patch-file /dev/stdin",
                subject.namespace
            ),
        ));
    } else {
        lines.push(say(
            "Change them where they are made; the server takes them over without a restart, within about a \
             minute and a half.",
        ));
    }
    section("Passwords", lines)
}

fn change(subject: &Subject<'_>) -> Section {
    let restart: Vec<String> =
        subject.plan.settings.iter().filter(|s| s.restart).map(|s| s.name.clone()).collect();
    let lines = vec![
        say("Change the values, then apply again:"),
        subject.render(" | kubectl apply -f -"),
        say(format!(
            "Databases, scripts, access rules and most parameters take effect without a restart, within about a \
             minute and a half. Image, resources and these parameters restart the {}:",
            match subject.plan.high_availability {
                Some(_) => "servers, one after the other",
                None => "pod",
            }
        )),
        say(format!("{}.", restart.join(", "))),
    ];
    section("Change something", lines)
}

fn metrics(subject: &Subject<'_>) -> Section {
    let lines = match &subject.plan.services.metrics {
        Some(service) => {
            let name = service.metadata.name.as_deref().unwrap_or_default();
            let port = service.port;
            vec![
                say(format!("http://{name}.{}.svc:{port}/metrics", subject.namespace)),
                subject.kubectl(&format!("port-forward service/{name} {port}:{port}")),
            ]
        }
        None => vec![say("There are none: `monitoring.exporter.enabled` is false.")],
    };
    section("Metrics", lines)
}

fn tls(subject: &Subject<'_>) -> Section {
    let line = match &subject.tls {
        Some(secret) => format!(
            "The certificate is in the Secret `{secret}`, its authority under `ca.crt`. Clients over the network must \
             use TLS."
        ),
        None => "It is off: passwords are never sent in clear, but data is. Set `security.tls.enabled`."
            .to_owned(),
    };
    section("TLS", vec![say(line)])
}

fn storage(subject: &Subject<'_>) -> Section {
    let lines = if subject.claims.is_empty() {
        vec![say("The data is lost with the pod: `persistence.enabled` is false.")]
    } else {
        vec![subject.kubectl(&format!("get pvc {}", subject.claims.join(" ")))]
    };
    section("Storage", lines)
}

fn remove(subject: &Subject<'_>) -> Section {
    let mut lines = Vec::new();
    if subject.claims.is_empty() {
        lines.push(subject.render(" | kubectl delete -f -"));
        return section("Remove it", lines);
    }
    lines.push(say("The data and the passwords stay, and the same render brings it back:"));
    lines.push(subject.render(" --keep-data | kubectl delete -f -"));
    let mut last = vec![format!("pvc/{}", subject.claims.join(" pvc/"))];
    if subject.makes_passwords() || subject.plan.auth.is_some() {
        last.push(format!("secret/{}", subject.secret));
    }
    lines.push(say("And then the data too, for good:"));
    lines.push(subject.kubectl(&format!("delete {}", last.join(" "))));
    section("Remove it", lines)
}
