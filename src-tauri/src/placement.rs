//! Where the window stood, how large it was and what it showed: kept in `window.json` in the data
//! folder, and never taken on trust.

use std::{fs, io::Write, path::Path};

use serde::{Deserialize, Serialize};
use tauri::Url;
use toolroom_shared::TabId;

const FILE: &str = "window.json";
/// More than this the file never has.
const MOST_BYTES: u64 = 16 * 1_024;
/// The longest address that is kept.
const LONGEST_ADDRESS: usize = 1_024;

/// The smallest window, in logical pixels.
pub const SMALLEST: (f64, f64) = (900.0, 600.0);
/// A new window, in logical pixels.
pub const AT_FIRST: (f64, f64) = (1280.0, 820.0);

/// A rectangle on the desktop, in pixels of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From the left; screens to the left of the first are below zero.
    pub x: i32,
    /// From above.
    pub y: i32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// What is kept of the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Placement {
    /// Where it stands when it isn't maximized.
    pub place: Option<Place>,
    /// Whether it fills the screen.
    pub maximized: bool,
    /// The address of its page, from the slash on.
    pub page: Option<String>,
}

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    /// Where it is.
    pub place: Place,
    /// Pixels of the screen for one logical pixel.
    pub scale: f64,
}

impl Placement {
    /// What was kept; nothing of it if it can't be read.
    pub fn read(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let is_small = fs::metadata(&path).is_ok_and(|about| about.len() <= MOST_BYTES);
        let text = if is_small { fs::read(&path).ok() } else { None };
        let mut read: Self = text
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        read.page = read.page.filter(|page| is_page(page));
        read
    }

    /// Keeps it, whole or not at all.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.persist(folder.join(FILE))?;
        Ok(())
    }

    /// The place on one of `screens`: on the one where most of it was, no larger than that screen and
    /// wholly on it. None if there is no place, or it is on no screen that is still there.
    pub fn on_a_screen(&self, screens: &[Screen]) -> Option<(Place, Screen)> {
        let place = self.place?;
        let screen = screens
            .iter()
            .copied()
            .max_by_key(|screen| shared_area(&place, &screen.place))
            .filter(|screen| shared_area(&place, &screen.place) > 0)?;
        let least = |logical: f64| (logical * screen.scale).clamp(1.0, 100_000.0) as u32;
        let on = screen.place;
        let width = place.width.max(least(SMALLEST.0)).min(on.width.max(1));
        let height = place.height.max(least(SMALLEST.1)).min(on.height.max(1));
        let fitted = Place {
            x: fit(place.x, width, on.x, on.width),
            y: fit(place.y, height, on.y, on.height),
            width,
            height,
        };
        Some((fitted, screen))
    }
}

/// `at`, moved so that `length` from there on stays within `room` from `from` on.
fn fit(at: i32, length: u32, from: i32, room: u32) -> i32 {
    let most = i64::from(from) + i64::from(room) - i64::from(length);
    let fitted = i64::from(at).min(most).max(i64::from(from));
    i32::try_from(fitted).unwrap_or(from)
}

/// How many pixels two places share.
fn shared_area(one: &Place, other: &Place) -> i128 {
    let shared = |a: i32, a_length: u32, b: i32, b_length: u32| {
        let end = (i128::from(a) + i128::from(a_length)).min(i128::from(b) + i128::from(b_length));
        (end - i128::from(a.max(b))).max(0)
    };
    shared(one.x, one.width, other.x, other.width)
        * shared(one.y, one.height, other.y, other.height)
}

/// What to keep of the page's address; none if it is none of ours.
pub fn page_of(address: &Url) -> Option<String> {
    let mut page = address.path().to_owned();
    if let Some(query) = address.query() {
        page.push('?');
        page.push_str(query);
    }
    is_page(&page).then_some(page)
}

/// Whether this is the address of one of the pages, or of something on it.
fn is_page(address: &str) -> bool {
    let is_plain = address.len() <= LONGEST_ADDRESS
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#')
        && !address.contains("//")
        && !address.split(['/', '?']).any(|part| part == "..");
    is_plain
        && TabId::ALL.into_iter().any(|tab| {
            address
                .strip_prefix(tab.path())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place() -> impl Strategy<Value = Place> {
        let number = prop_oneof![-4_000..4_000_i32, any::<i32>()];
        let length = prop_oneof![0..4_000_u32, any::<u32>()];
        (number.clone(), number, length.clone(), length).prop_map(|(x, y, width, height)| Place {
            x,
            y,
            width,
            height,
        })
    }

    fn screens() -> impl Strategy<Value = Vec<Screen>> {
        let screen = (
            -4_000..4_000_i32,
            -2_000..2_000_i32,
            640..4_000_u32,
            480..2_200_u32,
        )
            .prop_map(|(x, y, width, height)| Place {
                x,
                y,
                width,
                height,
            });
        let screen = (screen, 1.0..3.0_f64).prop_map(|(place, scale)| Screen { place, scale });
        proptest::collection::vec(screen, 0..4)
    }

    proptest! {
        #[test]
        fn a_window_is_wholly_on_a_screen_or_put_there_by_the_system(
            place in place(),
            screens in screens(),
        ) {
            let placement = Placement { place: Some(place), ..Placement::default() };
            if let Some((fitted, screen)) = placement.on_a_screen(&screens) {
                prop_assert!(screens.contains(&screen));
                let whole = i128::from(fitted.width) * i128::from(fitted.height);
                prop_assert!(whole > 0);
                prop_assert_eq!(shared_area(&fitted, &screen.place), whole);
            } else {
                let seen = screens.iter().any(|screen| shared_area(&place, &screen.place) > 0);
                prop_assert!(!seen);
            }
        }

        #[test]
        fn what_fits_comes_back_as_it_was_written(
            (x, y) in (0..500_i32, 0..300_i32),
            (width, height) in (900..1_400_u32, 600..700_u32),
            maximized in any::<bool>(),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let place = Place { x, y, width, height };
            let page = Some("/jobs/j?status=failed".to_owned());
            let written = Placement { place: Some(place), maximized, page };
            written.write(folder.path()).unwrap();
            let read = Placement::read(folder.path());
            prop_assert_eq!(&read, &written);
            let on = Place { x: 0, y: 0, width: 1_920, height: 1_080 };
            let screen = Screen { place: on, scale: 1.0 };
            prop_assert_eq!(read.on_a_screen(&[screen]), Some((place, screen)));
        }

        #[test]
        fn any_file_is_read_or_passed_over(text in any::<Vec<u8>>()) {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), text).unwrap();
            let _ = Placement::read(folder.path());
        }
    }

    #[test]
    fn only_pages_of_ours_are_opened_again() {
        for page in [
            "/tools",
            "/tools/hash-files",
            "/settings/general",
            "/jobs?status=x",
        ] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "/",
            "/toolsx",
            "//example.org/tools",
            "/tools/../x",
            "https://a/tools",
            "/tools#x",
            "/tools\\x",
            "/tools//a",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }
}
