//! A line that keeps its end where there is too little room for all of it.

use leptos::prelude::*;

/// Shows a path with the end of its folder left out if need be, since its last part is what tells
/// it from others; any other text is cut at its end.
#[component]
pub fn EndText(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let head = move || text.with(|text| parts(text).0.to_owned());
    let tail = move || text.with(|text| parts(text).1.to_owned());
    view! {
        <span class="end-text">
            <span class="end-text-head">{head}</span>
            <span class="end-text-tail">{tail}</span>
        </span>
    }
}

/// A path's folder, and its last part with the separator before it; text that is no path is all
/// head.
fn parts(text: &str) -> (&str, &str) {
    let inside = text.trim_end_matches(['/', '\\']);
    match inside.rfind(['/', '\\']) {
        Some(separator) if separator > 0 => text.split_at(separator),
        _ => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_part_is_kept_and_a_closing_separator_belongs_to_it() {
        assert_eq!(parts("/data/2026/Photos"), ("/data/2026", "/Photos"));
        assert_eq!(parts("/data/2026/Photos/"), ("/data/2026", "/Photos/"));
        assert_eq!(parts(r"C:\Photos\a.jpg"), (r"C:\Photos", r"\a.jpg"));
        assert_eq!(parts("/Photos"), ("/Photos", ""));
        assert_eq!(parts("fox in a red scarf"), ("fox in a red scarf", ""));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-zä/ \\\\]{0,20}") {
            let (head, tail) = parts(&text);
            prop_assert_eq!(format!("{head}{tail}"), text);
        }
    }
}
