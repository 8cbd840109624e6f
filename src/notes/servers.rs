//! What is different with several servers: reading from standbys, failing over, changing their number.

use crate::plan::{HighAvailability, names};

use super::subject::{Subject, say, section};
use super::{Line, Section};

/// What follows the values of a mounted file follows when the kubelet has refreshed it.
const REFRESH: &str = "within about a minute and a half";

/// How clients reach standbys. With one server the section is empty, as those below.
pub(super) fn reading(subject: &Subject<'_>) -> Section {
    let lines = subject.plan.high_availability.as_ref().map(|ha| reading_lines(subject, ha));
    section("Read from standbys", lines.unwrap_or_default())
}

fn reading_lines(subject: &Subject<'_>, ha: &HighAvailability) -> Vec<Line> {
    let mut lines = Vec::new();
    if ha.reading.is_some() {
        lines.push(subject.psql(&format!("{}-ro.{}.svc", subject.release, subject.namespace)));
        lines.push(say(
            "It leads to standbys that follow the primary. What was just written can be missing there for a moment.",
        ));
    }
    let hosts: Vec<String> = ha
        .pods
        .iter()
        .map(|pod| format!("{pod}.{}-headless.{}.svc", subject.release, subject.namespace))
        .collect();
    lines.push(say("Or the client chooses, which from PostgreSQL 14 on knows this too:"));
    lines.push(subject.psql_with(&hosts.join(","), names::PORT, "PGTARGETSESSIONATTRS=prefer-standby "));
    lines
}

/// Who else could be primary: the next one.
fn successor(ha: &HighAvailability) -> u32 {
    (ha.primary + 1) % ha.replicas
}

fn pod(subject: &Subject<'_>, ordinal: u32) -> String {
    format!("{}-{ordinal}", subject.release)
}

fn promote(subject: &Subject<'_>, ordinal: u32, flags: &str) -> Line {
    let pod = pod(subject, ordinal);
    subject.kubectl(&format!("exec {pod} -c postgres -- sh /etc/pgpod/scripts/promote{flags}"))
}

pub(super) fn failover(subject: &Subject<'_>) -> Section {
    let lines = subject.plan.high_availability.as_ref().map(|ha| failover_lines(subject, ha));
    section("Fail over", lines.unwrap_or_default())
}

fn failover_lines(subject: &Subject<'_>, ha: &HighAvailability) -> Vec<Line> {
    let (old, new, to) = (pod(subject, ha.primary), pod(subject, successor(ha)), successor(ha));
    let apply = || subject.render(&format!(" --set highAvailability.primary={to} | kubectl apply -f -"));
    let lines = vec![
        say(format!(
            "Nothing promotes itself. `{old}` is the primary; this makes `{new}` the primary, while both live:"
        )),
        apply(),
        promote(subject, to, ""),
        say(format!(
            "After the first, `{old}` stops and comes back as a standby, {REFRESH}. The second refuses until that is so, and \
             says why: run it again. Then write `highAvailability.primary: {to}` into the values."
        )),
        say(format!("Where the machine of `{old}` cannot be reached: turn it off, and only then:")),
        subject.kubectl(&format!("delete pod {old} --force --grace-period=0")),
        apply(),
        promote(subject, to, " --unreachable-peers-are-dead"),
        say(window(subject, &old)),
    ];
    lines
}

/// What can be lost, said before somebody needs it.
fn window(subject: &Subject<'_>, old: &str) -> String {
    let synchronous = subject.plan.high_availability.as_ref().is_some_and(|ha| ha.synchronous);
    if synchronous {
        "Commits wait for standbys: nothing that was acknowledged is lost, unless `--lose-wal` is said. Where too few \
         servers answer to be sure of that, it refuses."
            .to_owned()
    } else {
        format!(
            "Commits do not wait for standbys (`highAvailability.synchronous.enabled`): what `{old}` acknowledged last and \
             had not sent is lost with its disk. While its machine runs on unseen, it goes on acknowledging until it \
             sees the change itself: that is lost too."
        )
    }
}

pub(super) fn scaling(subject: &Subject<'_>) -> Section {
    let lines = subject.plan.high_availability.as_ref().map(|ha| scaling_lines(subject, ha));
    section("Change the number of servers", lines.unwrap_or_default())
}

fn scaling_lines(subject: &Subject<'_>, ha: &HighAvailability) -> Vec<Line> {
    let last = pod(subject, ha.replicas - 1);
    let mut lines = vec![say(format!(
        "`highAvailability.replicas` is {}, and may be 2 to 9. No server restarts for it: a new one clones the primary, \
             and the last ones go first.",
        ha.replicas
    ))];
    if ha.primary == ha.replicas - 1 {
        lines.push(say(format!("`{last}` is the last one, and the primary: fail over before it can go.")));
    } else if !ha.claims.is_empty() {
        let claims: Vec<String> = ha
            .claims
            .iter()
            .filter_map(|c| Some(format!("{}-{last}", c.metadata.name.as_deref()?)))
            .collect();
        lines.push(say(format!(
            "The claims of one that went stay, such as those of `{last}`. When it shall not come back:"
        )));
        lines.push(subject.kubectl(&format!("delete pvc {}", claims.join(" "))));
    }
    if ha.claims.is_empty() {
        lines.push(say(
            "Back to one server: there is no volume to keep (`persistence.enabled` is false), so its data goes with the \
             servers: dump it first.",
        ));
        return lines;
    }
    lines.push(say(format!(
        "Back to one server: delete the StatefulSet `{}`, which keeps the claims, and say in the values whose data stays: \
         `deploymentMode: standalone`, `persistence.fromOrdinal: {}`.",
        subject.release, ha.primary
    )));
    lines
}
