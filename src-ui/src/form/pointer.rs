//! JSON Pointers (RFC 6901): made of names, and compared by their segments.

/// `parent` with one more segment, escaped.
#[must_use]
pub fn child(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Whether `pointer` names `ancestor` or something inside it.
#[must_use]
pub fn is_within(pointer: &str, ancestor: &str) -> bool {
    pointer
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The first segment of `pointer` below `ancestor` as an index, if it is one.
#[must_use]
pub fn index_below(pointer: &str, ancestor: &str) -> Option<usize> {
    let rest = pointer.strip_prefix(ancestor)?.strip_prefix('/')?;
    rest.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn a_child_pointer_finds_the_property_of_that_name(name in "[a-z~/ ]{0,8}") {
            let value = json!({ name.clone(): 7 });
            prop_assert_eq!(value.pointer(&child("", &name)), Some(&json!(7)));
        }

        #[test]
        fn a_child_is_within_its_parent(parent in "(/[a-z]{1,4}){0,3}", name in "[a-z~/]{1,6}") {
            prop_assert!(is_within(&child(&parent, &name), &parent));
        }
    }

    #[test]
    fn a_longer_name_is_not_within_a_shorter_one() {
        assert!(!is_within("/paths", "/path"));
        assert!(is_within("/path/0", "/path"));
        assert!(is_within("/path", ""));
    }

    #[test]
    fn an_index_is_read_below_its_list() {
        assert_eq!(index_below("/paths/2/name", "/paths"), Some(2));
        assert_eq!(index_below("/paths", "/paths"), None);
        assert_eq!(index_below("/paths/name", "/paths"), None);
    }
}
