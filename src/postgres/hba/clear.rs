//! Rules that let clients in without TLS where the server has it.

use super::order::{covers, is_reject};
use super::{Address, Context, Fault, Kind, Misplaced, Rule};

/// Judges the user's rules: `host` is for clients with TLS and for those without, where `hostnossl` says what it does.
pub fn judge_clear(rules: &[Option<Rule>], context: &Context) -> Vec<Misplaced> {
    let refused = |index: usize, rule: &Rule| {
        let in_clear = Rule { kind: Kind::HostNoSsl, ..rule.clone() };
        let mut earlier = rules[..index].iter().flatten();
        earlier.any(|earlier| is_reject(earlier) && covers(earlier, &in_clear, context.tls))
    };
    let present = rules.iter().enumerate().filter_map(|(index, rule)| Some((index, rule.as_ref()?)));
    let in_clear = present.filter(|(index, rule)| {
        let over_network = !rule.address.as_ref().is_some_and(Address::is_own);
        // What is worse with the last two is said already; the first lets nobody in.
        let lets_in = !["reject", "trust", "password"].contains(&rule.method);
        // Kerberos has an encryption of its own.
        context.tls
            && rule.kind == Kind::Host
            && over_network
            && lets_in
            && rule.method != "gss"
            && !refused(*index, rule)
    });
    let fault = || {
        Fault::warning(
            "kind",
            "`host` lets clients in without TLS, too".to_owned(),
            "TLS is on, and pgpod's own rules, which come behind this one, let nobody in over the network without it",
            "write `hostssl`, or `hostnossl` for clients that have no TLS".to_owned(),
        )
    };
    in_clear.map(|(rule, _)| Misplaced { rule, fault: fault(), earlier: None }).collect()
}
