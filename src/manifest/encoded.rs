//! Bytes that are written as text: the data of a Secret.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// What Go's `base64.StdEncoding` reads: the last bits need not be zero, the padding has to be there.
const GO: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The bytes of a text as an API server reads them; it skips the ends of lines. None where it is no base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    GO.decode(text.replace(['\r', '\n'], "")).ok()
}
