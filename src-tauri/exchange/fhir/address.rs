//! Which addresses a source may name: those below its own, and nothing else is followed.

/// The path below `base` that `url` names, with its leading slash; `None` where it lies elsewhere
/// or might: only plain path segments are taken, so that no encoding, no `..` and no user part can
/// make one address look like another.
pub(super) fn below(base: &str, url: &str) -> Option<String> {
    let rest = match url.strip_prefix(base) {
        Some(rest) => rest.strip_prefix('/')?,
        None if url.contains(':') || url.starts_with('/') => return None,
        // Relative to the base, as the standard has it.
        None => url,
    };
    let plain = |segment: &str| {
        !segment.is_empty()
            && !segment.bytes().all(|byte| byte == b'.')
            && segment.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'$')
            })
    };
    rest.split('/').all(plain).then(|| format!("/{rest}"))
}

/// Whether this is a resource's id as the standard has it.
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.bytes().all(|byte| byte == b'.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://gp.example/fhir";

    #[test]
    fn a_document_below_the_base_is_followed_absolute_or_relative() {
        assert_eq!(
            below(BASE, "https://gp.example/fhir/Binary/a-1").as_deref(),
            Some("/Binary/a-1")
        );
        assert_eq!(
            below(BASE, "Bundle/p1-s1").as_deref(),
            Some("/Bundle/p1-s1")
        );
        assert_eq!(
            below(BASE, "Binary/1/_history/2").as_deref(),
            Some("/Binary/1/_history/2")
        );
    }

    #[test]
    fn a_document_anywhere_else_is_not_followed() {
        for url in [
            "https://evil.example/fhir/Binary/1",
            "https://gp.example/fhirx/Binary/1",
            "https://gp.example/fhir",
            "https://gp.example/fhir/",
            "https://gp.example/fhir/../admin",
            "https://gp.example/fhir/%2e%2e/admin",
            "https://gp.example/fhir//evil.example/x",
            "https://gp.example@evil.example/fhir/Binary/1",
            "http://gp.example/fhir/Binary/1",
            "//evil.example/Binary/1",
            "/admin",
            "../admin",
            "Binary/1?next=https://evil.example",
            "Binary/1#x",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(below(BASE, url), None, "{url}");
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_a_path() {
        assert!(is_id("p1-s1.2"));
        for id in ["", "..", "a/b", "a?b", "a%2fb", &"a".repeat(65)] {
            assert!(!is_id(id), "{id}");
        }
    }
}
