//! The flags of values: `--set` and its like.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::diagnostics::{Diagnostics, Sources, report};
use pgpod::values::{self, FlagKind, Input};

fuzz_target!(|text: &str| {
    let kinds =
        [FlagKind::Set, FlagKind::SetString, FlagKind::SetFile, FlagKind::SetJson, FlagKind::SetLiteral];
    for kind in kinds {
        let inputs = vec![Input::Flag { kind, argument: text.to_owned() }];
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let _ = values::raw(inputs, &|_| Ok("content".to_owned()), &mut sources, &mut found);
        let _ = report(&found, &sources, false);
    }
});
