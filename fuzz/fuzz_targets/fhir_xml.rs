//! FHIR in XML: what does not begin as markup is put into a Bundle.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.first() == Some(&b'<') {
        return inzage_fuzz::check(bytes);
    }
    let mut bundle = br#"<Bundle xmlns="http://hl7.org/fhir"><type value="document"/>"#.to_vec();
    bundle.extend_from_slice(bytes);
    bundle.extend_from_slice(b"</Bundle>");
    inzage_fuzz::check(&bundle);
});
