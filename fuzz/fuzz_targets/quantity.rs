//! A quantity of Kubernetes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgpod::quantity::Quantity;

fuzz_target!(|text: &str| {
    if let Ok(quantity) = Quantity::parse(text) {
        let _ = (quantity.units(), quantity.millis());
    }
});
