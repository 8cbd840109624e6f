//! A script of SQL.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::postgres::sql;

fuzz_target!(|text: &str| {
    let _ = sql::check(text);
});
