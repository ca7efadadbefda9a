//! Whatever the toolkit's schemas allow can be filled in, and comes out as it went in.

use proptest::prelude::*;
use serde_json::Value;

use super::any_schema::any_input;
use super::{FormModel, differing};

/// Numbers as numbers, however they are written.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn what_goes_into_a_form_comes_out((schema, input) in any_input()) {
        let form = FormModel::of(&schema);
        let values = form.values_of(&input);
        let (back, problems) = form.input(&values);
        prop_assert_eq!(&problems, &[]);
        prop_assert!(same(&back, &input), "{} came back as {} of {}", input, back, schema);
        let _ = differing(&form.fields, &values);
    }

    #[test]
    fn a_form_filled_twice_is_the_same_form((schema, input) in any_input()) {
        let form = FormModel::of(&schema);
        let values = form.values_of(&input);
        let again = form.values_of(&form.input(&values).0);
        prop_assert_eq!(form.input(&again).0, form.input(&values).0);
    }
}
