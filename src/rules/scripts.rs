//! Scripts run as they are written: in a transaction or not, once or at every start.

use crate::config::RunWhen;
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::sql::{self, Remedy};
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::{Findings, path};

fn sql_at(index: usize) -> ValuePath {
    path(&["postgresql", "initScripts"]).item(index).child("sql")
}

/// A statement that has to be a transaction of its own fails in any other, at every start.
pub(super) fn statements_fit_their_transaction(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (index, script) in subject.config.postgresql.init_scripts.iter().enumerate() {
        let within = script.transaction.unwrap_or(true);
        for outside in sql::outside(script.sql.as_str(), within) {
            let why = "PostgreSQL refuses it inside a transaction, the script fails at every start, and the pod never becomes ready";
            let (cause, help) = if outside.opened {
                (
                    format!("the script opens one before it: {why}"),
                    "move it out of the script's own transaction".to_owned(),
                )
            } else {
                (
                    format!("a script runs as one unless it says otherwise: {why}"),
                    "set `transaction: false` for the script, or move the statement into one that has it"
                        .to_owned(),
                )
            };
            found.within(
                &sql_at(index),
                (outside.start, outside.end),
                Diagnostic::error(
                    codes::SQL_TRANSACTION,
                    format!("`{}` cannot run in a transaction", outside.name),
                )
                .cause(cause)
                .help(help),
            );
        }
    }
}

/// What a script makes at every start is there at the second.
pub(super) fn scripts_can_run_again(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (index, script) in subject.config.postgresql.init_scripts.iter().enumerate() {
        if script.run != RunWhen::Always {
            continue;
        }
        let Some(again) = sql::again(script.sql.as_str()) else { continue };
        let what = again.kind.trim_start_matches("CREATE ");
        let way = match again.remedy {
            Remedy::IfNotExists => format!("write `{} IF NOT EXISTS`", again.kind),
            Remedy::OrReplace => format!("write `CREATE OR REPLACE {what}`"),
            Remedy::Drop => {
                format!("make it in a script with `run: once`, or `DROP {what} IF EXISTS` before it")
            }
            Remedy::Once => "make it in a script with `run: once`".to_owned(),
        };
        let also = match again.more {
            0 => String::new(),
            1 => "; so is what another statement of the script makes".to_owned(),
            more => format!("; so is what {more} more statements of the script make"),
        };
        let once =
            if [Remedy::Drop, Remedy::Once].contains(&again.remedy) { "" } else { ", or set `run: once`" };
        found.within(
            &sql_at(index),
            (again.start, again.end),
            Diagnostic::warning(
                codes::SCRIPT_AGAIN,
                format!("the script `{}` fails when it runs again", script.name.as_str()),
            )
            .cause(format!(
                "with `run: always` it runs at every start of the server, and from the second on `{}` is there{also}",
                again.name.escape_debug()
            ))
            .help(format!("{way}{once}")),
        );
    }
}
