//! A parameter and its value, in every major.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::postgres::extensions::EnabledExtensions;
use pgpod::postgres::{Major, parameters};

fuzz_target!(|text: &str| {
    let (name, token) = text.split_once('=').unwrap_or(("work_mem", text));
    for major in Major::ALL {
        for name in [
            name,
            "work_mem",
            "log_line_prefix",
            "timezone",
            "search_path",
            "random_page_cost",
            "log_destination",
        ] {
            let _ = parameters::check(major, name, token, &EnabledExtensions::default());
        }
    }
});
