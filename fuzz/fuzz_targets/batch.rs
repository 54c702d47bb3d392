//! The children of a batch: the envelope always fits, so that nothing is spent on finding it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut batch = br#"<MCCI_IN200101 xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:hl7nl="urn:hl7-nl:v3" xmlns:pharm="urn:ihe:pharm:medication" xmlns:sdtc="urn:hl7-org:sdtc"><transmissionQuantity value="2"/>"#.to_vec();
    batch.extend_from_slice(bytes);
    batch.extend_from_slice(b"</MCCI_IN200101>");
    inzage_fuzz::check(&batch);
});
