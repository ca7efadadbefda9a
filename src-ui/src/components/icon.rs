//! Icons, drawn in the text's color.

use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Squares on a shelf.
    Tools,
    /// Lines of a list.
    Jobs,
    /// A speech bubble.
    Chat,
    /// A prompt.
    Terminal,
    /// A line that goes up and down.
    Monitor,
    /// A slider.
    Settings,
    /// A magnifying glass.
    Search,
    /// A cross.
    Close,
    /// Two sheets.
    Copy,
    /// A tick.
    Done,
    /// An angle that points right.
    Chevron,
    /// An arrow out of a box.
    Open,
    /// A folder.
    Folder,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Tools => "M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z",
            Self::Jobs => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
            Self::Chat => "M2.5 3h11v8h-6l-3 2.5V11h-2z",
            Self::Terminal => "M3 4l4 4-4 4M8.5 12H13",
            Self::Monitor => "M1.5 8.5h3l2-5 3 9 2-4h3",
            Self::Settings => "M2.5 5h6M11.5 5h2M10 3.5v3M2.5 11h2M7.5 11h6M6 9.5v3",
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Copy => "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
            Self::Done => "M3 8.5l3.2 3.2L13 5",
            Self::Chevron => "M6 3.5L10.5 8 6 12.5",
            Self::Open => "M9.5 2.5h4v4M13.5 2.5L8 8M12 9.5v4H2.5V4h4",
            Self::Folder => "M1.5 12.5v-9h4.5l1.5 2h7v7z",
        }
    }
}

/// Draws an icon. It says nothing to assistive technology: a text stands beside it.
#[component]
pub fn IconView(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}
