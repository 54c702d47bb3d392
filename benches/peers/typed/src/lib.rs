//! Parses a Bundle into the typed model of R4B.

/// Parses and drops; whether the model took it.
pub fn parse(text: &str) -> bool {
    let bundle: Result<fhir_sdk::r4b::resources::Bundle, _> = serde_json::from_str(text);
    std::hint::black_box(bundle).is_ok()
}
