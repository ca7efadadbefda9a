//! How high a chart reaches.

/// The least of 1, 2 and 5 times a power of ten that isn't below `value`, and at least `least`, which is
/// such a number itself.
#[must_use]
pub fn nice_above(value: f64, least: f64) -> f64 {
    if !value.is_finite() || value <= least {
        return least;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0];
    // What the logarithm is off by in its last digit must not add a step.
    let fits = |step: &&f64| **step * power >= value * (1.0 - 1e-9);
    steps.iter().find(fits).map_or(least, |step| step * power)
}

/// The top of a scale that had the top `before`: it rises as soon as it must, and falls only once less
/// than a third of it is used, so that a chart doesn't change its scale back and forth.
#[must_use]
pub fn settled_top(before: Option<f64>, highest: f64, least: f64) -> f64 {
    let wanted = nice_above(highest, least);
    match before {
        Some(before) if wanted < before && highest * 3.0 > before => before,
        _ => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_top_is_a_round_number_not_below_the_value_and_near_it(
            value in prop_oneof![0.0..1e-3, 0.0..1.0, 0.0..1e4, 0.0..1e15],
            least in prop::sample::select(vec![1e-3, 1.0, 5.0, 100.0, 1e6]),
        ) {
            let top = nice_above(value, least);
            prop_assert!(top >= value * (1.0 - 1e-9) && top >= least);
            prop_assert!(top == least || top <= value * 2.5 * (1.0 + 1e-9), "{value} {top}");
            let digits = format!("{top:e}");
            prop_assert!(["1e", "2e", "5e"].iter().any(|round| {
                digits.starts_with(round) || digits.contains("999") || digits.contains("0000")
            }), "{digits}");
            // What fits exactly needs no more.
            prop_assert_eq!(nice_above(top, least), top);
        }

        #[test]
        fn a_scale_never_cuts_off_and_does_not_go_back_and_forth(
            highs in prop::collection::vec(0.0..1e6_f64, 1..40),
        ) {
            let mut top = None;
            for high in &highs {
                let next = settled_top(top, *high, 1.0);
                prop_assert!(next >= *high * (1.0 - 1e-9));
                // The same once more changes nothing.
                prop_assert_eq!(settled_top(Some(next), *high, 1.0), next);
                if let Some(top) = top && next < top {
                    prop_assert!(*high * 3.0 <= top);
                }
                top = Some(next);
            }
        }
    }

    #[test]
    fn what_is_no_number_has_the_least_scale() {
        for value in [f64::NAN, f64::INFINITY, -3.0, 0.0] {
            assert_eq!(nice_above(value, 5.0), 5.0);
        }
        assert_eq!(nice_above(101.0, 100.0), 200.0);
    }
}
